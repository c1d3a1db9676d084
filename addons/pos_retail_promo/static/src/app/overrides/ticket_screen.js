import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { _t } from "@web/core/l10n/translation";
import { fromMinor } from "@pos_retail_promo/app/promotions/cart";

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

    postRefund(refund) {
        super.postRefund(...arguments);
        this.pos.promotions.apply(refund);
        const { retailShortfall } = refund.uiState;
        if (retailShortfall) {
            this.pos.notification.add(
                _t(
                    "The kept goods cost %s more now than was paid: nothing is paid back and nothing is asked for.",
                    this.env.utils.formatCurrency(fromMinor(refund.currency, retailShortfall))
                ),
                { type: "warning", sticky: true }
            );
        }
    },
});
