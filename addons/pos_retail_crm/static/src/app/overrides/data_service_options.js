import { patch } from "@web/core/utils/patch";
import { DataServiceOptions } from "@point_of_sale/app/models/data_service_options";

patch(DataServiceOptions.prototype, {
    /** The till forgets members who left the store, or whom the shop has erased. */
    get cleanupModels() {
        return [...super.cleanupModels, "res.partner"];
    },
});
