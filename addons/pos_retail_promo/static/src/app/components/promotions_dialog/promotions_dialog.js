import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { formatCurrency } from "@web/core/currency";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { fromMinor } from "@pos_retail_promo/app/promotions/cart";
import { hintText } from "@pos_retail_promo/app/promotions/hints";

/** Of each promotion of the till: what it gives the open order, or why it gives nothing. */
export class PromotionsDialog extends Component {
    static template = "pos_retail_promo.PromotionsDialog";
    static components = { Dialog };
    static props = { order: Object, close: Function };

    setup() {
        this.pos = usePos();
        const { order } = this.props;
        this.told = this.pos.promotions.explain(order);
    }

    get rows() {
        const { applied, rejected } = this.told;
        return [
            ...applied.map((entry) => this.row(entry.program, { gives: this.gives(entry) })),
            ...rejected.map(({ program, reason }) =>
                this.row(program, { reason: this.pos.config._retail_reasons[reason] })
            ),
        ].filter((row) => row);
    }

    row(program, values) {
        const { order } = this.props;
        const promotion = order.models["retail.promotion"].get(program);
        const hint = this.told.hints.find((one) => one.program === program);
        return (
            promotion && {
                id: program,
                name: promotion.name,
                gain: promotion._gains?.all,
                hint: hint && hintText(order, hint),
                ...values,
            }
        );
    }

    /** Empty for what takes no money off: a gift not chosen, points, delivery. */
    gives({ amount }) {
        return amount ? this.money(-fromMinor(this.props.order.currency, amount)) : "";
    }

    get before() {
        const { order } = this.props;
        return this.money(order.displayPrice + order.retailSavings);
    }
    get savings() {
        return this.money(-this.props.order.retailSavings);
    }
    get after() {
        return this.props.order.currencyDisplayPrice;
    }

    money(amount) {
        return formatCurrency(amount, this.props.order.currency.id);
    }
}
