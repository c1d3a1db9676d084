import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
// Patched before us: what they do to an order comes first.
import "@pos_retail_promo/app/overrides/pos_store";
import { takeRewardsBack } from "@pos_retail_promo/app/promotions/points_refund";

patch(PosStore.prototype, {
    /** Whether customers may have anything at this till that the dialog of benefits shows. */
    get retailHasBenefits() {
        return (
            this.promotions?.coupons.needed ||
            this.models["loyalty.program"].some((program) => program.program_type === "loyalty")
        );
    },

    async pay() {
        const order = this.getOrder();
        if (order?.isRefund) {
            // Its goods may have changed since it was made.
            takeRewardsBack(order);
        }
        return super.pay(...arguments);
    },

    /**
     * Points are settled with the paid order: between its arrival and the call by which stock
     * tells of them the browser may be killed.
     */
    async preSyncAllOrders(orders) {
        await super.preSyncAllOrders(...arguments);
        for (const order of orders) {
            const waits = order.finalized && order.state !== "cancel";
            if (waits && !order.retail_loyalty?.told) {
                const asked = this.retailLoyaltyAsked(order);
                order.retail_loyalty = Object.keys(asked).length ? { asked } : false;
            }
        }
    },

    /** What stock's call will tell of an order: changes of points by card, {} when there are none. */
    retailLoyaltyAsked(order) {
        let asked = {};
        const call = (model, method, [, changes]) => {
            asked = changes;
            return {};
        };
        // Stock gathers the changes and calls at once: it is given an ear instead of the server.
        super.postProcessLoyalty.call(Object.create(this, { data: { value: { call } } }), order);
        return JSON.parse(JSON.stringify(asked));
    },

    /**
     * Wait until points and rewards that are being updated are: stock begins, asks the server for
     * the customer's card, and doesn't say when it has ended. Paid meanwhile, an order would earn
     * nothing.
     */
    async retailRewardsSettled() {
        try {
            await this.retailRewardsTurn();
            await this.updatePrograms();
        } catch (error) {
            // The customer wants to pay: points that can't be known must not keep anybody from it.
            console.error("Points of this order can't be updated", error);
        }
    },

    /** Resolved when all updates of rewards that stock has begun or queued have ended. */
    retailRewardsTurn() {
        return new Promise((resolve) => {
            // Stock queues an update; ours does nothing but say that its turn has come.
            const ear = {
                getOrder: { value: () => ({}) },
                orderUpdateLoyaltyPrograms: { value: () => ({ then: () => resolve() }) },
            };
            if (!this.models["loyalty.program"].length) {
                resolve();
            }
            super.updateRewards.call(Object.create(this, ear));
        });
    },

    /** Tell apart what stock's rules gave and what promotions gave: the receipt shows both. */
    async postProcessLoyalty(order) {
        const stats = order.getLoyaltyPoints();
        await super.postProcessLoyalty(...arguments);
        order.uiState.retailPoints = Object.fromEntries(
            stats.map(({ couponId, points }) => {
                const card = this.models["loyalty.card"].get(Number(couponId));
                const after = card ? card.points : points.total;
                const extra = Math.round((after - points.total) * 100) / 100;
                return [couponId, { before: points.balance, extra }];
            })
        );
    },
});
