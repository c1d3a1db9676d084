import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";

patch(PosStore.prototype, {
    /**
     * A paid order lies in the browser's database before anything is sent: the power may fail
     * meanwhile. Stock writes it there some time after the last change.
     */
    async syncAllOrders() {
        const { orderToCreate, orderToUpdate } = this.getPendingOrder();
        if ([...orderToCreate, ...orderToUpdate].some((order) => order.finalized)) {
            await this.data.synchronizeLocalDataInIndexedDB().catch((error) => {
                // A full disk is no reason not to send it.
                console.error("A paid order isn't kept in the browser", error);
            });
        }
        return super.syncAllOrders(...arguments);
    },
});
