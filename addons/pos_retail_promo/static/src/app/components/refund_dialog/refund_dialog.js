import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { fromMinor } from "@pos_retail_promo/app/promotions/cart";
import { promotionsBeneath, siblingsOf } from "@pos_retail_promo/app/promotions/promotion_lines";

/** What a refund pays back, line by line, before anybody confirms it. */
export class RefundDialog extends Component {
    static template = "pos_retail_promo.RefundDialog";
    static components = { Dialog };
    static props = {
        order: Object,
        benefits: Array, // as benefitsBack tells
        getPayload: Function, // gets "pay" or "exchange"
        close: Function,
    };

    get rows() {
        return promotionsBeneath(this.props.order.lines).map((line) =>
            line.isRetailPromotion ? this.takenBack(line) : this.goods(line)
        );
    }

    goods(line) {
        return {
            id: line.uuid,
            name: line.getFullProductName(),
            qty: this.env.utils.formatProductQty(-line.qty, false),
            amount: this.money(-this.shown(line)),
        };
    }

    takenBack(line) {
        const amount = siblingsOf(line).reduce((sum, one) => sum - this.shown(one), 0);
        return {
            id: line.uuid,
            name: line.full_product_name,
            promotion: true,
            amount: this.money(amount),
        };
    }

    /** With tax where the till shows prices with tax; below zero for what is paid back. */
    shown(line) {
        const { config } = this.props.order;
        return config.iface_tax_included === "total"
            ? line.prices.total_included
            : line.prices.total_excluded;
    }

    get total() {
        return this.money(-this.props.order.priceIncl);
    }

    get shortfall() {
        const { order } = this.props;
        const minor = order.uiState.retailShortfall;
        return minor
            ? _t(
                  "The kept goods cost %s more now than was paid: nothing is paid back and nothing is asked for.",
                  this.money(fromMinor(order.currency, minor))
              )
            : "";
    }

    money(amount) {
        return formatCurrency(amount, this.props.order.currency.id);
    }

    answer(what) {
        this.props.getPayload(what);
        this.props.close();
    }
}
