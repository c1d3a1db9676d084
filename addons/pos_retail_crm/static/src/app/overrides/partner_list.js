import { patch } from "@web/core/utils/patch";
import { PartnerList } from "@point_of_sale/app/screens/partner_list/partner_list";
import { QuickMember } from "@pos_retail_crm/app/components/quick_member/quick_member";
import { findsMember, isMember, parseTerm } from "@pos_retail_crm/app/utils/member_search";

const SHOWN = 100; // found members that are drawn; more words find fewer

patch(PartnerList.prototype, {
    /** Members are found by what the till keeps of them, all others as stock finds them. */
    getPartners(partners) {
        const term = parseTerm(this.state.query);
        if (!term.word) {
            return super.getPartners(partners).slice(0, SHOWN);
        }
        const members = partners.filter((partner) => partner.is_member);
        const exact = members.filter((member) => isMember(member, term));
        if (exact.length) {
            return exact;
        }
        const found = members.filter((member) => findsMember(member, term));
        const others = super.getPartners(partners.filter((partner) => !partner.is_member));
        return [...found, ...others].slice(0, SHOWN);
    },
    createMember() {
        const term = parseTerm(this.state.query);
        this.dialog.add(QuickMember, {
            name: term.digits ? "" : (this.state.query || "").trim(),
            phone: term.digits ? this.state.query.trim() : "",
            choose: (partner) => this.clickPartner(partner),
        });
    },
});
