import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    setup({ fastPaymentMethod }) {
        super.setup(...arguments);
        this.isFast = Boolean(fastPaymentMethod);
    },

    /**
     * The customer may have been chosen on the payment screen, the reservation may be over, or
     * one click has paid the order: hold what it takes of limited promotions, if it isn't held.
     */
    async askBeforeValidation() {
        if ((await super.askBeforeValidation()) === false) {
            return false;
        }
        // One click passes the payment screen, before which gifts are chosen.
        if (this.isFast && !(await this.pos.promotions.gifts.askOnce(this.order))) {
            return this.refuseFastPayment();
        }
        if (await this.pos.holdPromotions(this.order)) {
            return true;
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
