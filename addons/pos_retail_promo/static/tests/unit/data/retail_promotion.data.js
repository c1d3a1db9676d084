import { patch } from "@web/core/utils/patch";
import { models } from "@web/../tests/web_test_helpers";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosConfig } from "@point_of_sale/../tests/unit/data/pos_config.data";
import { PosOrderLine } from "@point_of_sale/../tests/unit/data/pos_order_line.data";
import { ResCompany } from "@point_of_sale/../tests/unit/data/res_company.data";
import { PosSession } from "@point_of_sale/../tests/unit/data/pos_session.data";

// No promotion runs by itself: the tests of other addons meet none.
export class RetailPromotionGroup extends models.ServerModel {
    _name = "retail.promotion.group";

    _load_pos_data_fields() {
        return ["id", "name", "sequence", "mode", "write_date"];
    }
}

export class RetailPromotion extends models.ServerModel {
    _name = "retail.promotion";

    _load_pos_data_fields() {
        return ["id", "name", "state", "discount_product_id", "write_date"];
    }
}

patch(hootPosModels, [...hootPosModels, RetailPromotionGroup, RetailPromotion]);

patch(PosSession.prototype, {
    _load_pos_data_models() {
        return [
            ...super._load_pos_data_models(),
            "retail.promotion.group",
            "retail.promotion",
        ];
    },
});

patch(PosOrderLine.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "retail_promotion_id",
            "retail_promotion_version",
            "retail_gift_of_id",
            "retail_shares",
        ];
    },
});

patch(PosConfig.prototype, {
    _load_pos_data_read(data) {
        const rows = super._load_pos_data_read(...arguments);
        Object.assign(rows[0], {
            _retail_store_id: 1,
            _retail_tz: "UTC",
            _retail_channel: "store",
        });
        return rows;
    },
});

patch(ResCompany.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "retail_promo_tax_basis",
            "retail_promo_keep_margin",
            "retail_promo_min_margin",
        ];
    },
});
