import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Patched before us: our evaluation comes before the rewards of stock loyalty.
import "@pos_loyalty/app/services/pos_store";
import "@pos_sale/app/services/pos_store";
import { PromotionApplier } from "@pos_retail_promo/app/promotions/applier";
import { keepExactAmounts } from "@pos_retail_promo/app/promotions/settled";

patch(PosStore.prototype, {
    async processServerData() {
        await super.processServerData(...arguments);
        this.promotions = new PromotionApplier(this);
        this.promotions.limits.load();
    },

    /** An order that is opened is evaluated: the hour may have changed what it gets. */
    setOrder(order) {
        super.setOrder(...arguments);
        if (order) {
            this.promotions?.mark(order);
        }
    },

    /** Codes of ours are taken here; all others are stock loyalty's. */
    async activateCode(code) {
        const order = this.getOrder();
        const { ours, error } = await this.promotions.coupons.enter(order, code);
        if (!ours) {
            return super.activateCode(...arguments);
        }
        if (error) {
            return error;
        }
        await this.updateRewards();
        return true;
    },

    get retailCodeButton() {
        const stock = ["coupons", "promotion", "gift_card", "promo_code", "next_order_coupons"];
        return (
            this.promotions?.coupons.needed &&
            !this.models["loyalty.program"].some((program) => stock.includes(program.program_type))
        );
    },

    async pay() {
        const order = this.getOrder();
        if (order && !(await this.promotions.gifts.askOnce(order))) {
            return;
        }
        const gone = order ? await this.promotions.coupons.check(order) : [];
        if (gone.length) {
            await this.updateRewards();
            // The total has risen: the customer is told before paying.
            this.notification.add(gone.join(" "), { type: "warning", sticky: true });
            return;
        }
        if (order && this.promotions.apply(order)) {
            // Rewards of stock loyalty were computed on the amounts of before.
            await this.updateRewards();
        }
        if (order) {
            order.settleRetailExchange();
            this.promotions.limits.forgetOffline(order);
            if (!(await this.holdPromotions(order))) {
                return;
            }
        }
        return super.pay(...arguments);
    },

    /**
     * Have the limited promotions of an order held for it; tell when one of them is lost.
     * @returns {Promise<boolean>} whether the order costs what it did
     */
    async holdPromotions(order) {
        const lost = await this.promotions.reserve(order);
        if (!lost.length) {
            return true;
        }
        await this.updateRewards();
        // The total has risen: the customer is told before paying.
        this.notification.add(
            _t("%s: nothing is left of it. Tell the customer the new total.", lost.join(", ")),
            { type: "warning", sticky: true }
        );
        return false;
    },

    /** Whatever removes an order that isn't paid frees what was held for it. */
    removeOrder(order) {
        this.promotions?.limits.release(order);
        return super.removeOrder(...arguments);
    },

    async settleSO(saleOrder) {
        await super.settleSO(...arguments);
        keepExactAmounts(this.getOrder(), saleOrder);
    },

    async preSyncAllOrders(orders) {
        this.promotions?.flush();
        return super.preSyncAllOrders(...arguments);
    },
});
