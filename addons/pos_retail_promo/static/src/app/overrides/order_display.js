import { patch } from "@web/core/utils/patch";
import { OrderDisplay } from "@point_of_sale/app/components/order_display/order_display";
import { Orderline } from "@point_of_sale/app/components/orderline/orderline";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { promotionsBeneath } from "@pos_retail_promo/app/promotions/promotion_lines";
import { CouponChips } from "@pos_retail_promo/app/components/coupon_chips/coupon_chips";
import { PromotionHints } from "@pos_retail_promo/app/components/promotion_hints/promotion_hints";

// The same component draws the order and prints the receipt.
patch(OrderDisplay.prototype, {
    get comboSortedLines() {
        return promotionsBeneath(super.comboSortedLines);
    },
});

patch(Orderline.prototype, {
    /** A promotion line is a name and an amount: no quantity, no unit price. */
    get lineScreenValues() {
        const values = super.lineScreenValues;
        if (!this.line.isRetailPromotion || !this.line.order_id) {
            return values;
        }
        return {
            ...values,
            name: this.line.full_product_name,
            unitPart: "",
            decimalPart: "",
            displayPriceUnit: false,
            taxGroup: false,
            price: values.price && this.line.retailDisplayPrice,
        };
    },
});

OrderSummary.components = { ...OrderSummary.components, CouponChips, PromotionHints };
patch(OrderSummary.prototype, {
    clickLine(ev, orderline) {
        if (!orderline.isRetailPromotion) {
            super.clickLine(...arguments);
        }
    },
    async onOrderlineLongPress(ev, orderline) {
        return orderline.isRetailPromotion ? false : super.onOrderlineLongPress(...arguments);
    },
});

patch(CustomerDisplayPosAdapter.prototype, {
    formatOrderData(order) {
        super.formatOrderData(...arguments);
        this.data.lines = promotionsBeneath(order.lines).map((line) => this.getOrderlineData(line));
    },
    getOrderlineData(line) {
        const data = super.getOrderlineData(...arguments);
        return line.isRetailPromotion
            ? { ...data, qty: "", unit: "", unitPrice: "", price: line.retailDisplayPrice }
            : data;
    },
});
