import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { registry } from "@web/core/registry";
import {
    cancelRefund,
    clickGiftDialog,
    benefitSays,
    couponIs,
    enterCode,
    exchangeInstead,
    giftBannerIs,
    giftIs,
    hintIs,
    moreOf,
    noPromotion,
    notificationHas,
    openGifts,
    payBack,
    openBenefits,
    payInCash,
    payWithPoints,
    promotionIs,
    receiptHas,
    receiptIsShown,
    refundShows,
    takeCouponOff,
    clickPromotion,
    whyIs,
    useBenefit,
} from "./promotion_util";

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
            // A promotion line can't be chosen, so that the numpad changes the cup above it.
            clickPromotion("VIP 10 percent"),
            ProductScreen.clickNumpad("2"),
            promotionIs("VIP 10 percent", "-4.00"),
            ProductScreen.totalAmountIs("164.00"),
            ProductScreen.clickNumpad("⌫", "1"),
            ProductScreen.totalAmountIs("146.00"),
            payInCash(),
            ReceiptScreen.receiptAmountTotalIs("146.00"),
            receiptHas("VIP 10 percent on cups"),
            receiptHas("-2.00"),
            receiptHas("-10.00"),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_promo_limited", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Tea", "2"),
            promotionIs("Spend 100 save 10", "-10.00"),
            payInCash(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.addOrderline("Tea", "3"),
            promotionIs("Spend 100 save 10", "-30.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.totalIs("177.00"),
            PaymentScreen.clickBack(),
            promotionIs("Spend 100 save 10", "-30.00"),
            ProductScreen.totalAmountIs("177.00"),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_promo_refund", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Tea", "3"),
            promotionIs("Spend 100 save 10", "-30.00"),
            ProductScreen.totalAmountIs("177.00"),
            payInCash(),
            ReceiptScreen.clickNextOrder(),
            ...refundOne("177.00"),
            // Two are kept for 138.00 - 10.00: 177.00 - 128.00 come back.
            refundShows("Tea", "69.00"),
            refundShows("Spend 100 save 10", "-20.00"),
            cancelRefund(),
            ...returnOne("177.00"),
            payBack("49.00"),
            PaymentScreen.totalIs("-49.00"),
            PaymentScreen.clickBack(),
            promotionIs("Spend 100 save 10", "20.00"),
            ProductScreen.totalAmountIs("-49.00"),
            payInCash(),
            ReceiptScreen.receiptAmountTotalIs("-49.00"),
            ReceiptScreen.clickNextOrder(),
            ...refundOne("177.00"),
            payBack("59.00"),
            PaymentScreen.totalIs("-59.00"),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            receiptIsShown(),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_promo_exchange", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Tea", "2"),
            payInCash(),
            ReceiptScreen.clickNextOrder(),
            ...refundOne("128.00"),
            exchangeInstead("59.00"),
            ProductScreen.isShown(),
            // One tea for 69.00 less 10.00 against five cups.
            ProductScreen.addOrderline("Cup", "5"),
            promotionIs("Spend 100 save 10", "-10.00"),
            ProductScreen.totalAmountIs("31.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.totalIs("31.00"),
            PaymentScreen.clickBack(),
            ProductScreen.clickLine("Cup", "5"),
            ProductScreen.clickNumpad("1"),
            ProductScreen.totalAmountIs("39.00"),
            payInCash(),
            ReceiptScreen.receiptAmountTotalIs("-39.00"),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_promo_gift", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Cup", "2"),
            giftBannerIs("Gifts to choose: 1"),
            ProductScreen.clickPayButton(false),
            giftIs("Spoon", "Out of stock", 0),
            giftIs("Bag", "3 in stock", 1),
            clickGiftDialog("confirm"),
            PaymentScreen.totalIs("40.00"),
            PaymentScreen.clickBack(),
            promotionIs("A gift with cups", "-3.00"),
            giftBannerIs("Change the gifts"),
            ProductScreen.clickLine("Cup", "2"),
            ProductScreen.clickNumpad("4"),
            giftBannerIs("Gifts to choose: 1"),
            ...openGifts(),
            giftIs("Bag", "3 in stock", 1),
            moreOf("Bag"),
            giftIs("Bag", "3 in stock", 2),
            clickGiftDialog("confirm"),
            promotionIs("A gift with cups", "-6.00"),
            ProductScreen.totalAmountIs("80.00"),
            // Fewer cups earn one gift only.
            ProductScreen.clickNumpad("2"),
            promotionIs("A gift with cups", "-3.00"),
            ProductScreen.totalAmountIs("40.00"),
            ...whyIs("Spend 100 save 10", "The amount is too small."),
            payInCash(),
            receiptHas("A gift with cups"),
        ].flat(),
});

function refundOne(total) {
    return [ProductScreen.clickRefund(), ...returnOne(total)];
}

/** One piece of a paid order, from the list of orders. */
function returnOne(total) {
    return [
        TicketScreen.selectOrderByPrice(total),
        ProductScreen.clickNumpad("1"),
        TicketScreen.toRefundTextContains("To Refund: 1"),
        TicketScreen.confirmRefund(),
    ];
}

registry.category("web_tour.tours").add("pos_retail_promo_offline", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.isShown(),
            OfflineUtil.setOfflineMode(),
            ProductScreen.clickDisplayedProduct("Tea"),
            ProductScreen.clickDisplayedProduct("Tea"),
            promotionIs("Spend 100 save 10", "-10.00"),
            ProductScreen.totalAmountIs("128.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            Dialog.confirm("Continue with limited functionality"),
            receiptIsShown(),
            receiptHas("Spend 100 save 10"),
            OfflineUtil.setOnlineMode(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickDisplayedProduct("Cup"),
            payInCash(),
            Chrome.isSynced(),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_promo_coupon", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Cup"),
            ...enterCode("TOUR-COUPON"),
            couponIs("Coupon half price"),
            promotionIs("Coupon half price", "-10.00"),
            ProductScreen.totalAmountIs("10.00"),
            takeCouponOff(),
            noPromotion("Coupon half price"),
            ProductScreen.totalAmountIs("20.00"),
            ...enterCode("TOUR-EXPIRED"),
            notificationHas("was valid until"),
            ...enterCode("TOUR-COUPON"),
            ProductScreen.totalAmountIs("10.00"),
            payInCash(),
            ReceiptScreen.receiptAmountTotalIs("10.00"),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickDisplayedProduct("Cup"),
            ...enterCode("TOUR-COUPON"),
            notificationHas("was used on"),
            ProductScreen.totalAmountIs("20.00"),
            OfflineUtil.setOfflineMode(),
            ...enterCode("TOUR-COUPON"),
            notificationHas("without a connection"),
            OfflineUtil.setOnlineMode(),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_promo_points", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Tea", "2"),
            ...openBenefits(),
            benefitSays("Choose the customer first"),
            Dialog.cancel(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Ada Member"),
            ProductScreen.totalAmountIs("128.00"),
            ...payWithPoints(200),
            ProductScreen.totalAmountIs("108.00"),
            // The customer thinks again.
            ...payWithPoints(150),
            ProductScreen.totalAmountIs("113.00"),
            ...payWithPoints(200),
            payInCash(),
            ReceiptScreen.receiptAmountTotalIs("108.00"),
            receiptHas("Points before:"),
            receiptHas("500"),
            ReceiptScreen.clickNextOrder(),
            ...refundOne("108.00"),
            // One tea is kept for 69.00; half of what the points paid comes back as points.
            refundShows("given back: these goods were paid with them", "+100"),
            payBack("49.00"),
            PaymentScreen.totalIs("-49.00"),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            receiptIsShown(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.addOrderline("Cup", "1"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Ada Member"),
            ...openBenefits(),
            useBenefit("Half a cup"),
            benefitSays("Coupon half price"),
            useBenefit("Coupon half price"),
            couponIs("Coupon half price"),
            payInCash(),
        ].flat(),
});
