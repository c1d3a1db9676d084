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
