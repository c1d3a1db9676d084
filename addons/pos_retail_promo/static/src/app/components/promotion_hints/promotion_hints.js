import { Component } from "@odoo/owl";
import { hintText } from "@pos_retail_promo/app/promotions/hints";

const MAX_HINTS = 2; // a cashier reads no more in passing

/** What the customer nearly reaches: "10.00 more for ...". */
export class PromotionHints extends Component {
    static template = "pos_retail_promo.PromotionHints";
    static props = { order: Object };

    get hints() {
        const { order } = this.props;
        const hints = order.isRefund || order.finalized ? [] : order.uiState.retailHints || [];
        return hints
            .filter(({ program }) => order.models["retail.promotion"].get(program))
            .toSorted((one, other) => one.missing - other.missing)
            .slice(0, MAX_HINTS)
            .map((hint) => ({ id: `${hint.program} ${hint.kind}`, text: hintText(order, hint) }));
    }
}
