import { Component } from "@odoo/owl";

/** What the cashier must mind, and what the member likes; nothing when neither is known. */
export class MemberBanner extends Component {
    static template = "pos_retail_crm.MemberBanner";
    static props = { partner: Object };

    get notes() {
        const { retail_special_need: need, retail_preference: preference } = this.props.partner;
        return [
            { text: need, className: "o_retail_special_need alert-warning", icon: "fa-exclamation-triangle" },
            { text: preference, className: "o_retail_preference alert-info", icon: "fa-heart" },
        ].filter((note) => note.text);
    }
}
