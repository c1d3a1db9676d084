import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { ComplaintDialog } from "@pos_retail_crm/app/components/complaint_dialog/complaint_dialog";

patch(TicketScreen.prototype, {
    openComplaint(order) {
        this.dialog.add(ComplaintDialog, { order });
    },
});
