import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";

/** Steps about promotion lines, shared by the tours. */

export function promotionIs(name, amount) {
    return [
        {
            content: `promotion ${name} takes ${amount}`,
            trigger: `.orderline.o_retail_promotion_line:contains("${name}") .price:contains("${amount}")`,
        },
    ];
}

export function noPromotion(name) {
    return [
        {
            content: `no promotion ${name}`,
            trigger: `.order-container:not(:has(.o_retail_promotion_line:contains("${name}")))`,
        },
    ];
}

export function hintIs(text) {
    return [{ content: `hint ${text}`, trigger: `.o_retail_hint:contains("${text}")` }];
}

export function receiptHas(text) {
    return [{ content: `receipt has ${text}`, trigger: `.pos-receipt:contains("${text}")` }];
}

export function clickPromotion(name) {
    return [
        {
            content: `click on promotion ${name}`,
            trigger: `.orderline.o_retail_promotion_line:contains("${name}")`,
            run: ({ anchor }) => {
                for (const type of ["mousedown", "mouseup", "click"]) {
                    anchor.dispatchEvent(new MouseEvent(type, { bubbles: true }));
                }
            },
        },
    ];
}

export function payInCash() {
    return [
        ...ProductScreen.clickPayButton(),
        ...PaymentScreen.clickPaymentMethod("Cash"),
        ...PaymentScreen.clickValidate(),
        ...ReceiptScreen.isShown(),
    ];
}
