import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { uuidv4 } from "@point_of_sale/utils";
import { MemberBadge } from "@pos_retail_crm/app/components/member_badge/member_badge";
import { isMember, parseTerm, phoneMark } from "@pos_retail_crm/app/utils/member_search";
import { loadPartners, takeDownMember } from "@pos_retail_crm/app/utils/pending_members";

/** Makes a member of a name, a phone and consents; stops when somebody has the phone. */
export class QuickMember extends Component {
    static template = "pos_retail_crm.QuickMember";
    static components = { Dialog, MemberBadge };
    static props = ["name", "phone", "choose", "close"];

    setup() {
        this.pos = usePos();
        this.notification = useService("notification");
        // One number per dialog: however often it is sent, one member is made.
        this.uuid = uuidv4();
        this.state = useState({
            name: this.props.name,
            phone: this.props.phone,
            sms: false,
            calls: false,
            twins: [],
            sending: false,
        });
    }

    get canSave() {
        const { name, phone, sending } = this.state;
        return Boolean(name.trim()) && phoneMark(phone) !== false && !sending;
    }

    get values() {
        return {
            uuid: this.uuid,
            name: this.state.name.trim(),
            phone: this.state.phone.trim(),
            retail_consent_sms: this.state.sms,
            retail_consent_phone: this.state.calls,
        };
    }

    async save() {
        if (!this.canSave) {
            return;
        }
        this.state.sending = true;
        try {
            const { duplicate, "res.partner": rows } = await this.pos.data.call(
                "res.partner",
                "retail_till_enrol",
                [this.pos.config.id, this.values]
            );
            this.finish(duplicate, loadPartners(this.pos, rows));
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.saveOffline();
        } finally {
            this.state.sending = false;
        }
    }

    /** Without a connection the members that the till keeps are looked through. */
    saveOffline() {
        const term = parseTerm(this.state.phone);
        const twins = this.pos.models["res.partner"].filter(
            (partner) => partner.is_member && isMember(partner, term)
        );
        if (twins.length) {
            return this.finish(true, twins);
        }
        this.notification.add(
            _t("There is no connection: the member is sent to the server with the next orders."),
            { type: "warning" }
        );
        this.finish(false, [takeDownMember(this.pos, this.values)]);
    }

    finish(duplicate, partners) {
        if (duplicate) {
            this.state.twins = partners;
        } else {
            this.choose(partners[0]);
        }
    }

    choose(partner) {
        this.props.close();
        this.props.choose(partner);
    }
}
