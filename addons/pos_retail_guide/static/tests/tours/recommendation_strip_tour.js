import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";

const item = (name) =>
    `.retail-recommendation:has(.retail-recommendation-name:contains("${name}"))`;

const isRecommended = (name, reason) => ({
    content: `${name} is recommended: ${reason}`,
    trigger: `${item(name)}:contains("${reason}")`,
});

const isNotRecommended = (name) => ({
    content: `${name} is not recommended`,
    trigger: `.product-screen:not(:has(${item(name)}))`,
});

const tap = (name) => ({
    content: `tap the recommended ${name}`,
    trigger: item(name),
    run: "click",
});

const isFoundBy = (word, name) => [
    ProductScreen.searchProduct(word),
    ProductScreen.productIsDisplayed(name, 0),
    {
        content: "clear the search",
        trigger: ".pos-rightheader .form-control > input",
        run: "clear",
    },
];

const pressLong = (name) => ({
    content: `press the recommended ${name} long`,
    trigger: item(name),
    run: async ({ anchor }) => {
        anchor.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, button: 0 }));
        await new Promise((resolve) => setTimeout(resolve, 800));
        anchor.dispatchEvent(new MouseEvent("mouseup", { bubbles: true, button: 0 }));
    },
});

registry.category("web_tour.tours").add("pos_retail_guide_strip", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            isRecommended("Till Tea", "Popular in this store"),
            isNotRecommended("Till Sold Out"),
            ...["qzt", "LH-9", "leaf h"].flatMap((word) => isFoundBy(word, "Till Tea")),
            ProductScreen.clickDisplayedProduct("Till Tea"),
            isNotRecommended("Till Tea"),
            isRecommended("Till Milk", "Often bought with Till Tea"),
            tap("Till Milk"),
            ProductScreen.selectedOrderlineHas("Till Milk", "1"),
            isNotRecommended("Till Milk"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Till Member"),
            isRecommended("Till Jam", "You bought it 2 times"),
            pressLong("Till Jam"),
            isNotRecommended("Till Jam"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
        ].flat(),
});

registry.category("web_tour.tours").add("pos_retail_guide_no_right", {
    steps: () =>
        [
            Chrome.startPoS(),
            Dialog.confirm("Open Register"),
            ProductScreen.clickDisplayedProduct("Till Tea"),
            isRecommended("Till Milk", "Often bought with Till Tea"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Till Member"),
            isRecommended("Till Milk", "Often bought with Till Tea"),
            Dialog.isNot(),
        ].flat(),
});
