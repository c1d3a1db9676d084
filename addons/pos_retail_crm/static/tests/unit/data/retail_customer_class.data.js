import { patch } from "@web/core/utils/patch";
import { models } from "@web/../tests/web_test_helpers";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosSession } from "@point_of_sale/../tests/unit/data/pos_session.data";
import { ResPartner } from "@point_of_sale/../tests/unit/data/res_partner.data";

export class RetailCustomerClass extends models.ServerModel {
    _name = "retail.customer.class";

    _load_pos_data_fields() {
        return ["id", "name", "code", "level", "color", "write_date"];
    }

    _records = [{ id: 1, name: "VIP", code: "vip", level: 20, color: 3 }];
}

patch(hootPosModels, [...hootPosModels, RetailCustomerClass]);

patch(PosSession.prototype, {
    _load_pos_data_models() {
        return [...super._load_pos_data_models(), "retail.customer.class"];
    },
});

patch(ResPartner.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "is_member",
            "member_code",
            "retail_class_id",
            "retail_store_id",
            "retail_special_need",
            "retail_preference",
        ];
    },
});
