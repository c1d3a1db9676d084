import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { registry } from "@web/core/registry";

function isShown(trigger) {
    return { content: `${trigger} is shown`, trigger };
}

function click(trigger) {
    return { content: `click ${trigger}`, trigger, run: "click" };
}

registry.category("web_tour.tours").add("pos_retail_crm_complaint", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.clickPartnerButton(),
            isShown(".partner-line:contains('Ada Member') .o_retail_member_badge:contains('VIP')"),
            ProductScreen.clickCustomer("Ada Member"),
            isShown(".set-partner .o_retail_member_badge:contains('VIP')"),
            isShown(".o_retail_special_need:contains('No nuts')"),
            isShown(".o_retail_preference:contains('Likes desk pads')"),
            click(".o_retail_member_card_button"),
            isShown(".o_retail_member_card:contains('M-1815')"),
            Dialog.confirm("Close"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            ReceiptScreen.clickNextOrder(),
            Chrome.clickOrders(),
            TicketScreen.selectFilter("Paid"),
            TicketScreen.selectOrderByPrice("1.98"),
            click(".o_retail_open_complaint"),
            isShown(".o_retail_complaint_send:disabled"),
            click(".o_retail_kind[data-kind='after_sales']"),
            {
                content: "write what happened",
                trigger: ".o_retail_complaint_text",
                run: "edit Broken on one side",
            },
            OfflineUtil.setOfflineMode(),
            click(".o_retail_complaint_send:enabled"),
            isShown(".o_notification:contains('no connection')"),
            OfflineUtil.setOnlineMode(),
            click(".o_retail_complaint_send:enabled"),
            isShown(".o_notification:contains('was opened')"),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_crm_refund_waits", {
    steps: () =>
        [
            Chrome.startPoS(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Ada Member"),
            click(".o_retail_member_card_button"),
            isShown(".o_retail_card_refund:contains('1.98')"),
            Dialog.confirm("Close"),
            Chrome.clickOrders(),
            TicketScreen.selectFilter("Paid"),
            TicketScreen.selectOrderByPrice("1.98"),
            ProductScreen.clickNumpad("1"),
            TicketScreen.toRefundTextContains("To Refund: 1"),
            TicketScreen.confirmRefund(),
            PaymentScreen.isShown(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
        ].flat(),
});
