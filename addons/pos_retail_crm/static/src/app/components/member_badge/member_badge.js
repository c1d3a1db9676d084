import { Component } from "@odoo/owl";

/** The class of a member, in the colour of the class; nothing for other customers. */
export class MemberBadge extends Component {
    static template = "pos_retail_crm.MemberBadge";
    static props = { partner: Object };

    get memberClass() {
        const partner = this.props.partner;
        return partner.is_member ? partner.retail_class_id : undefined;
    }
}
