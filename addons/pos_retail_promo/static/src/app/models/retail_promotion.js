import { registry } from "@web/core/registry";
import { Base } from "@point_of_sale/app/models/related_models";

/** A promotion that this till may grant; `_program` is the engine's form of its rules. */
export class RetailPromotion extends Base {
    static pythonModel = "retail.promotion";
}

registry.category("pos_available_models").add(RetailPromotion.pythonModel, RetailPromotion);
