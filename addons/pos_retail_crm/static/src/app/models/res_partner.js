import { patch } from "@web/core/utils/patch";
import { ResPartner } from "@point_of_sale/app/models/res_partner";

patch(ResPartner.prototype, {
    /** The till finds a member by the card, too, and by the whole number that the server knew. */
    get searchString() {
        return [super.searchString, this.member_code, this._retail_found]
            .filter(Boolean)
            .join(" ");
    },
    exactMatch(searchWord) {
        return (
            super.exactMatch(...arguments) ||
            (Boolean(this.member_code) && this.member_code.toLowerCase() === searchWord)
        );
    },
});
