import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { uuidv4 } from "@point_of_sale/utils";

/** Opens a complaint about lines of a paid order by one call to the server. */
export class ComplaintDialog extends Component {
    static template = "pos_retail_crm.ComplaintDialog";
    static components = { Dialog };
    static props = ["order", "line?", "close"];

    setup() {
        this.pos = usePos();
        this.notification = useService("notification");
        // One number per dialog: however often Send is pressed, the server makes one ticket.
        this.requestUuid = uuidv4();
        const line = this.lines.length === 1 ? this.lines[0] : this.props.line;
        const chosen = line ? { [line.uuid]: true } : {};
        this.state = useState({ chosen, kind: "complaint", text: "", sending: false });
    }

    /** Lines that somebody can complain about: goods, not discounts, rewards or combo parts. */
    get lines() {
        return this.props.order.lines.filter(
            (line) => line.price_unit >= 0 && !line.is_reward_line && !line.combo_parent_id
        );
    }

    get kinds() {
        return [
            { value: "complaint", label: _t("Complaint") },
            { value: "after_sales", label: _t("After-sales") },
            { value: "suggestion", label: _t("Suggestion") },
            { value: "consult", label: _t("Question") },
        ];
    }

    get canSend() {
        return Boolean(this.state.text.trim()) && !this.state.sending;
    }

    toggle(line) {
        this.state.chosen[line.uuid] = !this.state.chosen[line.uuid];
    }

    get values() {
        const lines = this.lines.filter((line) => this.state.chosen[line.uuid]);
        return {
            request_uuid: this.requestUuid,
            kind: this.state.kind,
            text: this.state.text.trim(),
            line_uuids: lines.map((line) => line.uuid),
        };
    }

    async send() {
        if (!this.canSend) {
            return;
        }
        this.state.sending = true;
        try {
            const ticket = await this.createTicket();
            this.notification.add(_t("Complaint %s was opened.", ticket.number), {
                type: "success",
            });
            this.props.close();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.notification.add(
                _t("There is no connection to the server. Send the complaint again later."),
                { type: "warning" }
            );
        } finally {
            this.state.sending = false;
        }
    }

    async createTicket() {
        const order = this.props.order;
        if (!order.isSynced) {
            // A sale paid while offline is unknown to the server until it is sent.
            this.pos.addPendingOrder([order.id]);
            await this.pos.syncAllOrders({ orders: [order], throw: true });
        }
        return this.pos.data.call("pos.order", "retail_open_complaint", [
            [order.id],
            this.values,
        ]);
    }
}
