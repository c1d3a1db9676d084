import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { fromMinor } from "@pos_retail_promo/app/promotions/cart";

const MAX_HINTS = 2; // a cashier reads no more in passing
const QTY_ONE = 1000; // thousandths of a unit

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
            .map((hint) => ({ id: `${hint.program} ${hint.kind}`, text: this.textOf(hint) }));
    }

    textOf({ program, kind, missing, at }) {
        const { order } = this.props;
        const promotion = order.models["retail.promotion"].get(program);
        return _t("%(missing)s more for %(gain)s (%(promotion)s)", {
            missing:
                kind === "amount"
                    ? formatCurrency(fromMinor(order.currency, missing), order.currency.id)
                    : missing / QTY_ONE,
            gain: promotion._gains?.[at] || promotion._gains?.all,
            promotion: promotion.name,
        });
    }
}
