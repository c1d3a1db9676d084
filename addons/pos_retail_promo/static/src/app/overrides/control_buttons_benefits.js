import { patch } from "@web/core/utils/patch";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { BenefitsDialog } from "@pos_retail_promo/app/components/benefits_dialog/benefits_dialog";

patch(ControlButtons.prototype, {
    clickRetailBenefits() {
        this.dialog.add(BenefitsDialog, { order: this.pos.getOrder() });
    },
});
