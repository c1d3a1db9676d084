import { describe, expect, test } from "@odoo/hoot";
import { pointsByClass, shareOfBill } from "@pos_retail_promo/app/promotions/points";
import { codesOf } from "@pos_retail_promo/app/promotions/cart";

describe("points and coupons of an order", () => {
    const program = { id: 1, program_type: "loyalty" };
    const reward = { id: 7, program_id: program, retail_bill_percent: 30 };

    test("members of better classes collect more", () => {
        const order = { partner_id: { _retail_points_times: 1.5 } };
        const points = { 1: [{ points: 33.33 }], 2: [{ points: 1 }] };
        const coupons = { id: 2, program_type: "coupons" };
        expect(pointsByClass(order, [program, coupons], points)).toEqual({
            1: [{ points: 50 }],
            2: [{ points: 1 }],
        });
    });

    test("points pay a share of the bill, what they paid already counted", () => {
        const found = { discountable: 100, discountablePerTax: { 5: 80 } };
        expect(shareOfBill({ lines: [] }, reward, found)).toEqual({
            discountable: 30,
            discountablePerTax: { 5: 24 },
        });
        const paid = { reward_id: { id: 7 }, prices: { total_included: -30 } };
        const rest = { discountable: 70, discountablePerTax: { 5: 56 } };
        expect(shareOfBill({ lines: [paid] }, reward, rest).discountable).toBe(0);
        expect(shareOfBill({ lines: [] }, { ...reward, retail_bill_percent: 0 }, found)).toEqual(
            found
        );
    });

    test("the engine is told which promotions have a coupon", () => {
        const order = { retail_coupons: { b: { token: "p,2" }, a: { token: "p,1" } } };
        expect(codesOf(order)).toEqual(["p,1", "p,2"]);
        expect(codesOf({})).toEqual([]);
    });
});
