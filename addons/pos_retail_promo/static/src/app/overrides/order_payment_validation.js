import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    setup({ fastPaymentMethod }) {
        super.setup(...arguments);
        this.isFast = Boolean(fastPaymentMethod);
    },

    /**
     * The customer may have been chosen on the payment screen or a moment ago, the reservation may
     * be over, or one click has paid the order: wait for the points, and hold what it takes of
     * limited promotions, if it isn't held.
     */
    async askBeforeValidation() {
        if ((await super.askBeforeValidation()) === false) {
            return false;
        }
        // One click passes the payment screen, before which gifts are chosen.
        if (this.isFast && !(await this.pos.promotions.gifts.askOnce(this.order))) {
            return this.refuseFastPayment();
        }
        const due = this.order.priceIncl;
        await this.pos.retailRewardsSettled();
        if (await this.pos.holdPromotions(this.order)) {
            if (this.order.currency.isZero(this.order.priceIncl - due)) {
                return true;
            }
            this.pos.notification.add(
                _t("The total has changed. Tell the customer the new one."),
                { type: "warning", sticky: true }
            );
        }
        // The payment of one click was for the old total.
        return this.isFast ? this.refuseFastPayment() : false;
    },

    refuseFastPayment() {
        for (const payment of [...this.paymentLines]) {
            this.order.removePaymentline(payment);
        }
        return false;
    },
});
