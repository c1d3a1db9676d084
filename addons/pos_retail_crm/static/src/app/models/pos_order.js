import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    setPartner(partner) {
        super.setPartner(...arguments);
        this.retail_new_member = (partner && partner._retail_new) || false;
    },
    /** Names of all who sold goods of the order, each once. */
    get guideNames() {
        const goods = this.lines.filter((line) => line.price_unit >= 0 && !line.is_reward_line);
        return [...new Set(goods.flatMap((line) => line.guideNames))];
    },
});
