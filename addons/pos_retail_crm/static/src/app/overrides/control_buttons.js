import { patch } from "@web/core/utils/patch";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { GuideDialog } from "@pos_retail_crm/app/components/guide_dialog/guide_dialog";
import { MemberCard } from "@pos_retail_crm/app/components/member_card/member_card";

patch(ControlButtons.prototype, {
    openMemberCard() {
        this.dialog.add(MemberCard, { partner: this.partner });
    },
    openGuides() {
        this.dialog.add(GuideDialog, { order: this.currentOrder });
    },
});
