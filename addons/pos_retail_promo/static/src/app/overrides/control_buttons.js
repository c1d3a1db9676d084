import { patch } from "@web/core/utils/patch";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { PromotionsDialog } from "@pos_retail_promo/app/components/promotions_dialog/promotions_dialog";

patch(ControlButtons.prototype, {
    clickPromotions() {
        this.dialog.add(PromotionsDialog, { order: this.currentOrder });
    },

    /** Sell other goods in an order that takes goods back. */
    clickExchange() {
        this.currentOrder.startRetailExchange();
        this.props.close?.();
    },
});
