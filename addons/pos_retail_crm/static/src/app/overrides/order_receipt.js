import { localization } from "@web/core/l10n/localization";
import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { generateQRCodeDataUrl } from "@point_of_sale/utils";
import { chineseAmount, englishAmount, WORDS_LIMIT } from "@pos_retail_crm/app/utils/amount_words";
import { receiptPage } from "@pos_retail_crm/app/utils/receipt_page";

patch(OrderReceipt.prototype, {
    get guideNames() {
        return this.order.guideNames.join(", ");
    },
    get opinionCode() {
        const page = receiptPage(this.order);
        return page ? generateQRCodeDataUrl(page) : "";
    },
    get amountInWords() {
        const order = this.order;
        const amount = order.appliedRounding ? order.totalDue : order.priceIncl;
        if (!order.config.retail_receipt_words || Math.abs(amount) >= WORDS_LIMIT) {
            return "";
        }
        if (localization.code.startsWith("zh")) {
            return chineseAmount(amount);
        }
        return englishAmount(amount, {
            decimals: order.currency.decimal_places,
            unit: order.currency.currency_unit_label || order.currency.name,
            subunit: order.currency.currency_subunit_label || "",
        });
    },
});
