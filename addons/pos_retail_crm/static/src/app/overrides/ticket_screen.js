import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { ComplaintDialog } from "@pos_retail_crm/app/components/complaint_dialog/complaint_dialog";

patch(TicketScreen.prototype, {
    /** The line that the cashier has touched is the one that the customer complains about. */
    openComplaint(order) {
        const lineId = this.getSelectedOrderlineId();
        const line = order.lines.find((line) => line.id === lineId);
        this.dialog.add(ComplaintDialog, { order, line });
    },
});
