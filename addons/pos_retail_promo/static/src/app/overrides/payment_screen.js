import { onMounted, onWillUnmount } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { returnedLines, soldLines } from "@pos_retail_promo/app/promotions/cart";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";

patch(PaymentScreen.prototype, {
    /** What an order holds of limited promotions is renewed while it is being paid, then freed. */
    setup() {
        super.setup(...arguments);
        const { limits } = this.pos.promotions;
        const order = this.currentOrder;
        onMounted(() => limits.watch(order));
        onWillUnmount(() => {
            limits.leave(order);
            if (!order.finalized && soldLines(order).length && returnedLines(order).length) {
                // Back among the goods: they may be changed again.
                order.startRetailExchange();
            }
        });
    },
});
