import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** Names who sold the chosen line, or all lines of the order, alone or together.
 *
 * What comes back belongs to those who sold it: it isn't asked for.
 */
export class GuideDialog extends Component {
    static template = "pos_retail_crm.GuideDialog";
    static components = { Dialog };
    static props = ["order", "close"];

    setup() {
        this.pos = usePos();
        this.sold = this.props.order.lines.filter((line) => !line.refunded_orderline_id);
        const selected = this.props.order.getSelectedOrderline();
        this.line = this.sold.find((line) => line === selected);
        this.state = useState({ whole: !this.line, split: false, first: null, share: 50 });
        if (this.lines[0]?.secondGuide) {
            this.startSplit(this.lines[0].secondGuide.share);
        }
    }

    get guides() {
        return this.pos.config._retail_guides || [];
    }

    get lines() {
        return this.state.whole ? this.sold : [this.line];
    }

    /** The share of the second guide in percent with two decimals, or 0 where it is none. */
    get share() {
        const share = Math.round(Number(this.state.share) * 100) / 100;
        return share > 0 && share < 100 ? share : 0;
    }

    get seconds() {
        return this.guides.filter((guide) => guide.id !== this.state.first);
    }

    isChosen(guide) {
        if (this.state.split) {
            return guide.id === this.state.first;
        }
        return this.lines.length > 0 && this.lines.every((line) => line.guideId === guide.id);
    }

    isSecond(guide) {
        return this.lines.every((line) => line.secondGuide?.id === guide.id);
    }

    startSplit(share = 50) {
        Object.assign(this.state, { split: true, first: this.lines[0]?.guideId || null, share });
    }

    choose(guide) {
        if (this.state.split) {
            this.state.first = guide.id;
        } else {
            this.name(guide.id, null);
        }
    }

    chooseSecond(guide) {
        if (this.share && this.state.first) {
            this.name(this.state.first, { id: guide.id, share: this.share });
        }
    }

    name(id, second) {
        for (const line of this.lines) {
            line.setGuides(id, second);
        }
        if (this.state.whole) {
            this.props.order.uiState.retailGuideId = id;
            this.props.order.uiState.retailSecondGuide = second;
        }
        this.props.close();
    }
}
