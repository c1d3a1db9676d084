import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * Sends along which change of the request the form had read, so that the server can refuse to
 * write over what a colleague has saved meanwhile.
 */
export class TicketFormController extends FormController {
    async onWillSaveRecord(record, changes) {
        if (record.resModel === "helpdesk.ticket" && record.resId && record.data.retail_kind) {
            changes.retail_seen_revision = record.data.retail_revision;
        }
        return super.onWillSaveRecord(record, changes);
    }
}

registry.category("views").add("retail_ticket_form", {
    ...formView,
    Controller: TicketFormController,
});
