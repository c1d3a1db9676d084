import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";

function isShown(trigger) {
    return { content: `${trigger} is shown`, trigger };
}

function click(trigger) {
    return { content: `click ${trigger}`, trigger, run: "click" };
}

function type(trigger, text) {
    return { content: `type ${text}`, trigger, run: `edit ${text}` };
}

function search(text) {
    return type(".modal-header input", text);
}

function pay() {
    return [
        ProductScreen.clickPayButton(),
        PaymentScreen.clickPaymentMethod("Cash"),
        PaymentScreen.clickValidate(),
        ReceiptScreen.isShown(),
    ].flat();
}

// Find a member by the letters of the name, see the card, finish a care task from it.
registry.category("web_tour.tours").add("pos_retail_crm_member", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.clickPartnerButton(),
            search("wf"),
            isShown(".partner-line:contains('王芳'):contains('138****5678')"),
            search("5678"),
            isShown(".partner-line:contains('王芳')"),
            search("13812345678"),
            click(".partner-line:contains('王芳')"),
            click(".o_retail_member_card_button"),
            isShown(".o_retail_card_care:contains('Silent')"),
            click(".o_retail_care_open"),
            click(".o_retail_care_result[data-result='bought']"),
            click(".o_retail_care_done:enabled"),
            isShown(".o_retail_member_card:not(:has(.o_retail_card_care))"),
            isShown(".o_retail_card_age:contains('As of')"),
            Dialog.confirm("Close"),
            OfflineUtil.setOfflineMode(),
            click(".o_retail_member_card_button"),
            isShown(".o_retail_card_age:contains('Kept at the till')"),
            Dialog.confirm("Close"),
            OfflineUtil.setOnlineMode(),
        ].flat(),
});

// A new member without a connection, sold to at once, and made once when it is back.
registry.category("web_tour.tours").add("pos_retail_crm_new_member", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.clickPartnerButton(),
            click(".o_retail_new_member"),
            type(".o_retail_quick_phone", "+86 138 1234 5678"),
            type(".o_retail_quick_name", "Twin"),
            click(".o_retail_quick_save:enabled"),
            isShown(".o_retail_twin:contains('王芳')"),
            type(".o_retail_quick_name", "New Nina"),
            type(".o_retail_quick_phone", "+86 139 0000 1111"),
            click(".o_retail_quick_sms"),
            OfflineUtil.setOfflineMode(),
            click(".o_retail_quick_save:enabled"),
            isShown(".set-partner:contains('New Nina')"),
            pay(),
            isShown(".o_retail_receipt_opinion img[src^='data:image/svg']"),
            OfflineUtil.setOnlineMode(),
            ReceiptScreen.clickNextOrder(),
            // The next sale sends both.
            ProductScreen.addOrderline("Desk Pad", "1"),
            pay(),
            Chrome.isSynced(),
        ].flat(),
});

// A line by the cashier, one shared by two guides, without a connection; the receipt names all.
registry.category("web_tour.tours").add("pos_retail_crm_guide", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.addOrderline("Desk Pad", "1"),
            ProductScreen.addOrderline("Letter Tray", "1"),
            ProductScreen.clickControlButtonMore(),
            click(".o_retail_guide_button"),
            click(".o_retail_guide:contains('Bea Guide')"),
            isShown(".orderline:contains('Letter Tray') .o_retail_line_guide:contains('Bea Guide')"),
            ProductScreen.clickControlButtonMore(),
            click(".o_retail_guide_button"),
            click(".o_retail_guide_split"),
            type(".o_retail_guide_share", "100"),
            isShown(".o_retail_guide_second:disabled:contains('Gus Guide')"),
            type(".o_retail_guide_share", "30"),
            click(".o_retail_guide_second:enabled:contains('Gus Guide')"),
            isShown(".o_retail_line_guide:contains('Bea Guide + Gus Guide (30 %)')"),
            OfflineUtil.setOfflineMode(),
            pay(),
            isShown(".o_retail_receipt_guides:contains('Bea Guide, Gus Guide')"),
            Dialog.confirm("Continue with limited functionality"),
            OfflineUtil.setOnlineMode(),
            isShown(".o_retail_receipt_words:contains('Dollars')"),
            isShown(".o_retail_receipt_opinion img[src^='data:image/svg']"),
            ReceiptScreen.clickNextOrder(),
            // The next sale sends both.
            ProductScreen.addOrderline("Desk Pad", "1"),
            pay(),
            Chrome.isSynced(),
        ].flat(),
});
