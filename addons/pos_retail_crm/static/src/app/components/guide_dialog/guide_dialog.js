import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** Names who sold the chosen line, or all lines of the order. */
export class GuideDialog extends Component {
    static template = "pos_retail_crm.GuideDialog";
    static components = { Dialog };
    static props = ["order", "close"];

    setup() {
        this.pos = usePos();
        this.line = this.props.order.getSelectedOrderline();
        this.state = useState({ whole: !this.line });
    }

    get guides() {
        return this.pos.config._retail_guides || [];
    }

    get lines() {
        return this.state.whole ? this.props.order.lines : [this.line];
    }

    isChosen(guide) {
        return this.lines.length > 0 && this.lines.every((line) => line.guideId === guide.id);
    }

    choose(guide) {
        for (const line of this.lines) {
            line.retail_guide_id = guide.id;
        }
        if (this.state.whole) {
            this.props.order.uiState.retailGuideId = guide.id;
        }
        this.props.close();
    }
}
