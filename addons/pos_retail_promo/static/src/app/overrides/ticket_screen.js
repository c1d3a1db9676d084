import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { benefitsBack } from "@pos_retail_promo/app/promotions/benefits_refund";
import { RefundDialog } from "@pos_retail_promo/app/components/refund_dialog/refund_dialog";

patch(TicketScreen.prototype, {
    get selectedGoodsLine() {
        const order = this.getSelectedOrder();
        const lineId = this.getSelectedOrderlineId();
        return order?.lines.find((line) => line.id === lineId && !line.isRetailPromotion);
    },

    onClickOrder(order) {
        super.onClickOrder(...arguments);
        if (order?.finalized && !this.selectedGoodsLine) {
            const goods = order.lines.find((line) => !line.isRetailPromotion);
            if (goods) {
                this.state.selectedOrderlineIds[order.id] = goods.id;
            }
        }
    },
    onClickOrderline(orderline) {
        if (!orderline.isRetailPromotion) {
            super.onClickOrderline(...arguments);
        }
    },

    /** What a promotion takes back follows from the goods: it isn't typed in. */
    _onUpdateSelectedOrderline() {
        if (this.getSelectedOrder() && !this.selectedGoodsLine) {
            return this.numberBuffer.reset();
        }
        return super._onUpdateSelectedOrderline(...arguments);
    },
    _doesOrderHaveSoleItem(order) {
        const goods = order.lines.filter((line) => !line.isRetailPromotion);
        if (goods.length === order.lines.length) {
            return super._doesOrderHaveSoleItem(...arguments);
        }
        const [line] = goods;
        return (
            goods.length === 1 &&
            this.pos.isProductQtyZero(line.getQuantity() - line.refundedQty - 1)
        );
    },

    // === WHAT IS PAID BACK IS SHOWN BEFORE IT IS CONFIRMED === //

    async onDoRefund() {
        try {
            await super.onDoRefund(...arguments);
        } catch (error) {
            if (!(error instanceof RefundLeft)) {
                throw error;
            }
            if (error.exchange) {
                this.exchange(error.refund);
            } else {
                this.dropRefund(error.refund);
            }
        }
    },

    /** Awaited by stock before the payment opens. Throws RefundLeft when it isn't to open. */
    async addAdditionalRefundInfo(order, refund) {
        await super.addAdditionalRefundInfo(...arguments);
        this.pos.promotions.apply(refund);
        const benefits = await benefitsBack(this.pos, order, refund);
        if (!benefits.length && !order.lines.some((line) => line.isRetailPromotion)) {
            return;
        }
        const answer = await makeAwaitable(this.dialog, RefundDialog, { order: refund, benefits });
        if (answer !== "pay") {
            throw new RefundLeft(refund, answer === "exchange");
        }
    },

    exchange(refund) {
        refund.startRetailExchange();
        refund.setScreenData({ name: "ProductScreen" });
        this.pos.navigate("ProductScreen", { orderUuid: refund.uuid });
    },

    /** Leave the order as empty as it was, so that the goods can be chosen anew. */
    dropRefund(refund) {
        for (const line of refund.lines.filter((line) => !line.isRetailPromotion)) {
            delete line.refunded_orderline_id?.order_id.uiState.lineToRefund[
                line.refunded_orderline_id.uuid
            ];
            line.delete();
        }
        this.pos.promotions.apply(refund);
        refund.is_refund = false;
        refund.refunded_order_id = undefined;
    },
});

/** The cashier doesn't go on to pay back: nothing is returned, or other goods are taken. */
class RefundLeft extends Error {
    constructor(refund, exchange) {
        super("The refund isn't paid back now");
        this.refund = refund;
        this.exchange = exchange;
    }
}
