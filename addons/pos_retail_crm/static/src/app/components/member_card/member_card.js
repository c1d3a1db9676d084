import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberBadge } from "@pos_retail_crm/app/components/member_badge/member_badge";

/** What a cashier should know of a member at a glance, from data that the till has loaded. */
export class MemberCard extends Component {
    static template = "pos_retail_crm.MemberCard";
    static components = { Dialog, MemberBadge };
    static props = { partner: Object, close: Function };

    setup() {
        this.pos = usePos();
    }

    get lastPurchase() {
        const day = this.props.partner._retail_last_day;
        return day ? formatDate(deserializeDate(day)) : "";
    }

    /** Balances of the member's cards that the till has met; none without stock loyalty. */
    get balances() {
        const cards = this.pos.models["loyalty.card"]?.getAll() || [];
        return cards
            .filter((card) => card.partner_id?.id === this.props.partner.id)
            .filter((card) => card.program_id?.is_nominative)
            .map((card) => ({ id: card.id, name: card.program_id.name, points: card.points }));
    }
}
