import { patch } from "@web/core/utils/patch";
import { formatCurrency } from "@web/core/currency";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { giftOf } from "@pos_retail_promo/app/promotions/cart";
import { netFactor } from "@pos_retail_promo/app/promotions/net_view";
import { siblingsOf } from "@pos_retail_promo/app/promotions/promotion_lines";

patch(PosOrderline.prototype, {
    /** Shares tell a promotion line, also of a promotion that is not loaded any more. */
    get isRetailPromotion() {
        return Boolean(this.retail_shares);
    },

    /** What the promotion takes off the order, over all its lines. */
    get retailDisplayPrice() {
        const total = siblingsOf(this).reduce((sum, line) => sum + line.displayPrice, 0);
        return formatCurrency(total * this.order_id.retailDisplaySign, this.currency.id);
    },

    /** What goods cost with their promotions, as shown; empty where they have none. */
    get retailNetPrice() {
        const factor = this.order_id.isRefund ? 1 : netFactor(this);
        return factor === 1 ? "" : formatCurrency(this.displayPrice * factor, this.currency.id);
    },

    /** Named by its promotion; stock would name it after its product on each load. */
    setFullProductName() {
        if (!this.isRetailPromotion || !this.full_product_name) {
            super.setFullProductName();
        }
    },
    canBeMergedWith(orderline) {
        return (
            !this.isRetailPromotion &&
            !orderline.isRetailPromotion &&
            giftOf(this) === giftOf(orderline) &&
            super.canBeMergedWith(...arguments)
        );
    },
    isGlobalDiscountApplicable() {
        return (
            !this.isRetailPromotion &&
            (super.isGlobalDiscountApplicable?.(...arguments) ?? true)
        );
    },
    getDisplayClasses() {
        return {
            ...super.getDisplayClasses(),
            "o_retail_promotion_line pe-none fst-italic": this.isRetailPromotion,
        };
    },
});
