import { patch } from "@web/core/utils/patch";
import { PosOrderLine } from "@point_of_sale/../tests/unit/data/pos_order_line.data";
import { PosSession } from "@point_of_sale/../tests/unit/data/pos_session.data";

patch(PosOrderLine.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "retail_guide_id",
            "retail_second_guide_id",
            "retail_second_share",
        ];
    },
});

// As the server does: the till loads no users but its own, so it knows guides by their id.
patch(PosSession.prototype, {
    load_data_params() {
        const params = super.load_data_params(...arguments);
        const relations = params["pos.order.line"].relations;
        for (const name of ["retail_guide_id", "retail_second_guide_id"]) {
            relations[name] = { name, type: "integer" };
        }
        return params;
    },
});
