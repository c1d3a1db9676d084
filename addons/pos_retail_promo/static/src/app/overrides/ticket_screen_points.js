import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { takeRewardsBack } from "@pos_retail_promo/app/promotions/points_refund";
// Patched before us, so that promotions of the refund are evaluated after the points.
import "@pos_retail_promo/app/overrides/ticket_screen";

patch(TicketScreen.prototype, {
    postRefund(refund) {
        takeRewardsBack(refund);
        super.postRefund(...arguments);
    },
});
