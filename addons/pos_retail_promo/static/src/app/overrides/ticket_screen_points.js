import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { takeRewardsBack } from "@pos_retail_promo/app/promotions/points_refund";
// Patched before us: what the points take back is there when it shows what is paid back.
import "@pos_retail_promo/app/overrides/ticket_screen";

patch(TicketScreen.prototype, {
    async addAdditionalRefundInfo(order, refund) {
        takeRewardsBack(refund);
        await super.addAdditionalRefundInfo(...arguments);
    },
});
