import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// Patched before us: our rules stand above those of stock loyalty.
import "@pos_loyalty/app/models/pos_order";
import { applierOf } from "@pos_retail_promo/app/promotions/applier";
import { fromMinor, returnedLines, soldLines } from "@pos_retail_promo/app/promotions/cart";
import { netLines, withNetView } from "@pos_retail_promo/app/promotions/net_view";
import { pointsByClass, shareOfBill } from "@pos_retail_promo/app/promotions/points";
import { discountOf, takesBack } from "@pos_retail_promo/app/promotions/promotion_lines";

patch(PosOrder.prototype, {
    initState() {
        super.initState();
        this.uiState = {
            ...this.uiState,
            retailHints: [],
            retailTaken: [],
            retailGifts: [],
            retailGiftsAsked: {}, // units by promotion that the cashier was asked for
            retailRejected: [],
            retailShortfall: 0,
        };
    },

    /** The one place that all changes of prices pass. */
    triggerRecomputeAllPrices() {
        const applier = applierOf(this);
        if (applier?.holds(this)) {
            return;
        }
        super.triggerRecomputeAllPrices();
        applier?.mark(this);
    },

    // === EXCHANGES: GOODS COME BACK AND OTHERS ARE SOLD === //

    /** Let other goods be sold in an order that takes goods back. */
    startRetailExchange() {
        this.is_refund = false;
        this.triggerRecomputeAllPrices();
    },

    /** Before an exchange is paid: it is a refund where the customer gets money. */
    settleRetailExchange() {
        if (!returnedLines(this).length) {
            return;
        }
        const refund = this.priceIncl < 0 || !soldLines(this).length;
        if (this.isRefund !== refund) {
            this.is_refund = refund;
            this.triggerRecomputeAllPrices();
        }
    },

    /** Stock shows amounts of refunds without their sign, which tells nothing in an exchange. */
    get retailDisplaySign() {
        return this.isRefund && soldLines(this).length ? -1 : 1;
    },

    isSaleDisallowed() {
        return super.isSaleDisallowed(...arguments) && !soldLines(this).length;
    },

    // === PROMOTION LINES ARE NOBODY'S TO EDIT === //

    selectOrderline(line) {
        if (!line?.isRetailPromotion) {
            super.selectOrderline(line);
        }
    },
    getLastOrderline() {
        const last = super.getLastOrderline();
        if (!last?.isRetailPromotion) {
            return last;
        }
        return this.lines.filter((line) => !line.isRetailPromotion && !line.is_reward_line).at(-1);
    },
    removeOrderline(line) {
        return line.isRetailPromotion ? false : super.removeOrderline(line);
    },

    /** What the promotions take off, in the currency; shown as savings on the receipt. */
    get retailSavings() {
        const minor = this.lines
            .filter((line) => line.isRetailPromotion && (this.isRefund || !takesBack(line)))
            .reduce((sum, line) => sum + discountOf(line), 0);
        return fromMinor(this.currency, minor);
    },
    getTotalDiscount() {
        return this.currency.round(super.getTotalDiscount() + this.retailSavings);
    },

    // === STOCK LOYALTY SEES NET AMOUNTS === //

    getOrderlines() {
        return netLines(this, super.getOrderlines());
    },
    _get_regular_order_lines() {
        return super._get_regular_order_lines().filter((line) => !line.isRetailPromotion);
    },
    pointsForPrograms(programs) {
        const points = withNetView(this, () => super.pointsForPrograms(...arguments));
        return pointsByClass(this, programs, points);
    },
    _getDiscountableOnOrder(reward) {
        const found = withNetView(this, () => super._getDiscountableOnOrder(...arguments));
        return shareOfBill(this, reward, found);
    },
    _getDiscountableOnSpecific() {
        return withNetView(this, () => super._getDiscountableOnSpecific(...arguments));
    },
    _getDiscountableOnCheapest() {
        return withNetView(this, () => super._getDiscountableOnCheapest(...arguments));
    },
    _getCheapestLine() {
        return withNetView(this, () => super._getCheapestLine(...arguments));
    },
});
