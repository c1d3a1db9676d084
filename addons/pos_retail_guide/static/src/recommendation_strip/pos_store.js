import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { RecommendationOutbox } from "./recommendation_outbox";

patch(PosStore.prototype, {
    async processServerData() {
        await super.processServerData(...arguments);
        this.recommendationOutbox = new RecommendationOutbox(this);
    },

    removeOrder(order) {
        this.recommendationOutbox.keep(order);
        const result = super.removeOrder(...arguments);
        this.recommendationOutbox.send();
        return result;
    },

    /** Called at start, when the connection is back, and after each sale. */
    async syncAllOrders() {
        const result = await super.syncAllOrders(...arguments);
        if (!this.data.network.offline) {
            this.recommendationOutbox.send();
        }
        return result;
    },
});
