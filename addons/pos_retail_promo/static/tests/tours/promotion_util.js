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

/** A busy server takes its time to take the order. */
export function receiptIsShown() {
    return [
        { content: "the order is taken", trigger: ".pos .receipt-screen", timeout: 60000 },
        ...ReceiptScreen.isShown(),
    ];
}

export function payInCash() {
    return [
        ...ProductScreen.clickPayButton(),
        ...PaymentScreen.clickPaymentMethod("Cash"),
        ...PaymentScreen.clickValidate(),
        ...receiptIsShown(),
    ];
}

export function enterCode(code) {
    return [
        ...ProductScreen.clickControlButton("Enter Code"),
        { content: `type ${code}`, trigger: ".modal-body textarea, .modal-body input", run: `edit ${code}` },
        { content: "confirm the code", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "the dialog is gone", trigger: "body:not(:has(.modal-body))" },
    ];
}

export function openBenefits() {
    return ProductScreen.clickControlButton("Points and Coupons");
}

/** Pay with so many points by the keypad; the suggested number is typed over. */
export function payWithPoints(points) {
    return [
        ...openBenefits(),
        { content: "pay with points", trigger: ".o_retail_points_pay", run: "click" },
        {
            content: "the most is there",
            trigger: ".modal .popup-input .input-value:contains(/^\\d+$/)",
        },
        ...[...String(points)].map((digit) => ({
            content: `press ${digit}`,
            trigger: `.modal .numpad button:contains(/^${digit}$/)`,
            run: "click",
        })),
        { content: "it is typed", trigger: `.modal .input-value:contains(/^${points}$/)` },
        { content: "confirm", trigger: ".modal-footer .btn-primary", run: "click" },
        { content: "the dialogs are gone", trigger: "body:not(:has(.modal-body))" },
    ];
}

export function benefitSays(text) {
    return [{ content: `told ${text}`, trigger: `.o_retail_benefits:contains("${text}")` }];
}

export function useBenefit(name) {
    return [
        {
            content: `use ${name}`,
            trigger: `.o_retail_benefit:contains("${name}") button, .o_retail_offer:contains("${name}") button`,
            run: "click",
        },
    ];
}

export function couponIs(name) {
    return [{ content: `coupon ${name}`, trigger: `.o_retail_coupon:contains("${name}")` }];
}

export function takeCouponOff() {
    return [{ content: "take it off", trigger: ".o_retail_coupon button", run: "click" }];
}

export function notificationHas(text) {
    return [{ content: `told ${text}`, trigger: `.o_notification:contains("${text}")` }];
}

// === REFUNDS === //

export function refundShows(name, amount) {
    return [
        {
            content: `${name} pays back ${amount}`,
            trigger: `.o_retail_refund tr:contains("${name}"):contains("${amount}")`,
        },
    ];
}

export function cancelRefund() {
    return [
        { content: "cancel", trigger: ".modal-footer button:contains(Cancel)", run: "click" },
        { content: "nothing to pay back", trigger: "body:not(:has(.modal-body))" },
    ];
}

function leaveRefund(total, button) {
    return [
        ...refundShows("Paid back", total),
        { content: button, trigger: `.modal-footer .${button}`, run: "click" },
    ];
}

export const payBack = (total) => leaveRefund(total, "o_retail_refund_pay");
export const exchangeInstead = (total) => leaveRefund(total, "o_retail_refund_exchange");

// === GIFTS === //

export function giftBannerIs(text) {
    return [{ content: text, trigger: `.o_retail_gift_banner button:contains("${text}")` }];
}

export function openGifts() {
    return [{ content: "gifts", trigger: ".o_retail_gift_banner button", run: "click" }];
}

export function giftIs(name, stock, qty) {
    return [
        {
            content: `${qty} ${name}, ${stock}`,
            trigger: `.o_retail_gift:contains("${name}"):contains("${stock}") .o_retail_gift_qty:contains("${qty}")`,
        },
    ];
}

export function moreOf(name) {
    return [
        {
            content: `one more ${name}`,
            trigger: `.o_retail_gift:contains("${name}") .o_retail_gift_more`,
            run: "click",
        },
    ];
}

export function clickGiftDialog(button) {
    return [
        { content: button, trigger: `.modal-footer .o_retail_gift_${button}`, run: "click" },
        { content: "the dialog is gone", trigger: "body:not(:has(.modal-body))" },
    ];
}

// === WHY === //

export function whyIs(name, reason) {
    return [
        ...ProductScreen.clickControlButton("Promotions"),
        {
            content: `${name}: ${reason}`,
            trigger: `.o_retail_why:contains("${name}") .o_retail_why_reason:contains("${reason}")`,
        },
        { content: "close", trigger: ".modal-header .btn-close", run: "click" },
        { content: "the dialog is gone", trigger: "body:not(:has(.modal-body))" },
    ];
}
