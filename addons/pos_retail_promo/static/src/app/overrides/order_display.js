import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { OrderDisplay } from "@point_of_sale/app/components/order_display/order_display";
import { Orderline } from "@point_of_sale/app/components/orderline/orderline";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";
import { promotionsBeneath } from "@pos_retail_promo/app/promotions/promotion_lines";
import { CouponChips } from "@pos_retail_promo/app/components/coupon_chips/coupon_chips";
import { GiftBanner } from "@pos_retail_promo/app/components/gift_banner/gift_banner";
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
        if (!this.line.order_id) {
            return values;
        }
        const { retailDisplaySign } = this.line.order_id;
        if (retailDisplaySign < 0 && values.price && !this.line.isRetailPromotion) {
            const amount = retailDisplaySign * this.line.displayPrice;
            values.price = formatCurrency(amount, this.line.currency.id);
        }
        if (!this.line.isRetailPromotion) {
            // The receipt tells what promotions take off in lines of their own.
            return values.isReceipt ? values : { ...values, retailNet: this.line.retailNetPrice };
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

OrderSummary.components = {
    ...OrderSummary.components,
    CouponChips,
    GiftBanner,
    PromotionHints,
};
patch(OrderSummary.prototype, {
    clickLine(ev, orderline) {
        if (!orderline.isRetailPromotion) {
            super.clickLine(...arguments);
        }
    },
    /** What comes back was chosen on its receipt, at the price of its receipt: take it off only. */
    _setValue(val) {
        const line = this.currentOrder.getSelectedOrderline();
        if (!line?.refunded_orderline_id || val === "remove") {
            return super._setValue(...arguments);
        }
        this.numberBuffer.reset();
        this.dialog.add(AlertDialog, {
            title: _t("Returned goods"),
            body: _t("They come back as they were sold. Choose them on their receipt again."),
        });
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
