import { Component, onWillDestroy, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { ConnectionLostError } from "@web/core/network/rpc";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberBadge } from "@pos_retail_crm/app/components/member_badge/member_badge";
import { MemberBanner } from "@pos_retail_crm/app/components/member_banner/member_banner";

const SOON = 7; // days before a birthday that are worth a word

/**
 * What a cashier should know of a member at a glance.
 *
 * Drawn at once from what the till keeps, and again when the server has answered; without a
 * connection the time of the data tells how old they are.
 */
export class MemberCard extends Component {
    static template = "pos_retail_crm.MemberCard";
    static components = { Dialog, MemberBadge, MemberBanner };
    static props = ["partner", "close"];

    setup() {
        this.pos = usePos();
        this.state = useState({
            card:
                this.pos.memberCards[this.props.partner.id] ||
                this.props.partner._retail_brief ||
                {},
            fresh: false,
            task: false,
            result: "",
            note: "",
        });
        this.isOpen = true;
        onWillDestroy(() => {
            this.isOpen = false;
        });
        this.load();
    }

    async load() {
        const partner = this.props.partner;
        if (partner.isNewMember) {
            return;
        }
        const card = await this.ask("retail_till_card", [this.pos.config.id]);
        if (card && this.isOpen) {
            this.show(card);
        }
    }

    /** Return what the server answers about the member, nothing without a connection. */
    async ask(method, args) {
        try {
            return await this.pos.data.call("res.partner", method, [
                [this.props.partner.id],
                ...args,
            ]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            return undefined;
        }
    }

    show(card) {
        Object.assign(this.state, { card, fresh: true });
        // The next time without a connection the card tells as much as now, also after a start.
        const partner = this.props.partner;
        this.pos.memberCards[partner.id] = card;
        const row = { ...partner.raw, _retail_brief: card };
        this.pos.data.synchronizeServerDataInIndexedDB({ "res.partner": [row] });
    }

    get card() {
        return this.state.card;
    }

    get isBirthdaySoon() {
        return this.card.birthday && this.card.birthday.days <= SOON;
    }

    get asOf() {
        const moment = this.card.as_of && deserializeDateTime(this.card.as_of);
        return moment ? `${formatDateTime(moment)} (${moment.toRelative()})` : "";
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    money(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    /** Balances of stock loyalty cards that the till has met, where no points of ours are told. */
    get balances() {
        if (this.card.points) {
            return [];
        }
        const cards = this.pos.models["loyalty.card"]?.getAll() || [];
        return cards
            .filter((card) => card.partner_id?.id === this.props.partner.id)
            .filter((card) => card.program_id?.is_nominative)
            .map((card) => ({ id: card.id, name: card.program_id.name, points: card.points }));
    }

    // === CARE === //

    openTask(task) {
        Object.assign(this.state, { task: task.id, result: "", note: "" });
    }

    async finishTask(task) {
        const { result, note } = this.state;
        const care = await this.ask("retail_till_finish_care", [task.id, result, note]);
        if (care && this.isOpen) {
            this.state.task = false;
            this.show({ ...this.card, care });
        }
    }
}
