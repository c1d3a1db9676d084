import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** Id of who sold the line. Twin: _fact_guide in models/retail_fact_till_line.py */
    get guideId() {
        const origin = this.refunded_orderline_id;
        return (
            this.retail_guide_id ||
            origin?.retail_guide_id ||
            this.order_id?.uiState.retailGuideId ||
            this.order_id?.partner_id?._retail_guide ||
            this.order_id?.user_id?.id
        );
    },
    get guideName() {
        const order = this.order_id;
        const id = this.guideId;
        const known = (order?.config._retail_guides || []).find((guide) => guide.id === id);
        if (known) {
            return known.name;
        }
        if (order?.partner_id?._retail_guide === id) {
            return order.partner_id._retail_brief?.guide || "";
        }
        return order?.user_id?.id === id ? order.user_id.name : "";
    },
    /** The guide, where the line has another one than the order: only then it is worth a word. */
    get ownGuideName() {
        return this.retail_guide_id && !this.is_reward_line ? this.guideName : "";
    },
});
