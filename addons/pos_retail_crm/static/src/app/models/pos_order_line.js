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
    /** Who sold it together with the guide, {id, share in percent}, or null. Twin: _fact_second */
    get secondGuide() {
        const line = this.retail_guide_id ? this : this.refunded_orderline_id || this;
        if (line.retail_second_guide_id) {
            return { id: line.retail_second_guide_id, share: line.retail_second_share };
        }
        const follows = !line.retail_guide_id && line === this;
        return (follows && this.order_id?.uiState.retailSecondGuide) || null;
    },
    /** Name who sold the line; second: {id, share in percent} of who has a share, or null. */
    setGuides(id, second) {
        this.retail_guide_id = id;
        this.retail_second_guide_id = second?.id || false;
        this.retail_second_share = second?.share || 0;
    },
    get guideName() {
        return this.nameOfGuide(this.guideId);
    },
    /** Names of all who sold the line. */
    get guideNames() {
        const ids = [this.guideId, this.secondGuide?.id];
        return ids.map((id) => id && this.nameOfGuide(id)).filter(Boolean);
    },
    nameOfGuide(id) {
        const order = this.order_id;
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
        if (!this.retail_guide_id || this.is_reward_line) {
            return "";
        }
        const names = this.guideNames.join(" + ");
        return this.secondGuide ? `${names} (${this.secondGuide.share} %)` : names;
    },
});
