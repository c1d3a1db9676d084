import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import { hintIs, noPromotion, promotionIs, receiptHas } from "./promotion_util";

registry.category("web_tour.tours").add("pos_retail_promo_sale", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Tea"),
            ProductScreen.totalAmountIs("69.00"),
            hintIs("31.00 more for"),
            hintIs("Spend 100 save 10"),
            ProductScreen.clickDisplayedProduct("Tea"),
            promotionIs("Spend 100 save 10", "-10.00"),
            ProductScreen.totalAmountIs("128.00"),
            ProductScreen.clickDisplayedProduct("Cup"),
            noPromotion("VIP 10 percent"),
            ProductScreen.totalAmountIs("148.00"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Ada Member"),
            promotionIs("VIP 10 percent", "-2.00"),
            promotionIs("Spend 100 save 10", "-10.00"),
            ProductScreen.totalAmountIs("146.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            ReceiptScreen.receiptAmountTotalIs("146.00"),
            receiptHas("VIP 10 percent on cups"),
            receiptHas("-2.00"),
            receiptHas("-10.00"),
        ].flat(),
});
