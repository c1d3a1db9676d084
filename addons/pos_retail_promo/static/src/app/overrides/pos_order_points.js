import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Patched before us: the share of the bill is known when the customer's wish is.
import "@pos_retail_promo/app/overrides/pos_order";
import { wishOfCustomer } from "@pos_retail_promo/app/promotions/points";

patch(PosOrder.prototype, {
    _getDiscountableOnOrder(reward) {
        return wishOfCustomer(this, reward, super._getDiscountableOnOrder(...arguments));
    },

    /** What points may still take off the bill, whatever the customer wants to use. */
    retailPointsBill(reward) {
        return super._getDiscountableOnOrder(reward).discountable;
    },

    /** Another customer has other points. */
    setPartner(partner) {
        if (partner?.id !== this.partner_id?.id) {
            this.retail_points_most = 0;
        }
        super.setPartner(...arguments);
    },

    /** Points before the sale, and what promotions gave beside what stock shows: for receipts. */
    get retailPointsTold() {
        const told = this.uiState.retailPoints;
        return this.getLoyaltyPoints()
            .filter(({ program }) => program.portal_visible)
            .map(({ couponId, points }) => ({
                couponId,
                name: points.name,
                before: told?.[couponId]?.before ?? points.balance,
                extra: told?.[couponId]?.extra ?? 0,
            }))
            .filter(({ couponId }) => Number(couponId) > 0);
    },
});
