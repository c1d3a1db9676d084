import { patch } from "@web/core/utils/patch";
import { ResPartner } from "@point_of_sale/app/models/res_partner";

patch(ResPartner.prototype, {
    exactMatch(searchWord) {
        return (
            super.exactMatch(...arguments) ||
            (Boolean(this.member_code) && this.member_code.toLowerCase() === searchWord)
        );
    },
    /** A member whom the server doesn't know yet: taken down without a connection. */
    get isNewMember() {
        return Boolean(this._retail_new);
    },
});
