import { describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import {
    payWithPoints,
    pointsByClass,
    pointsToPay,
    pointsTyped,
    shareOfBill,
    wishOfCustomer,
} from "@pos_retail_promo/app/promotions/points";
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

    test("the customer uses a part of the points", () => {
        const perPoint = {
            ...reward,
            retail_bill_percent: 0,
            reward_type: "discount",
            discount_mode: "per_point",
            discount: 0.1,
        };
        const found = { discountable: 100, discountablePerTax: { 5: 80 } };
        const wish = { lines: [], retail_points_most: 250 };
        expect(wishOfCustomer(wish, perPoint, found)).toEqual({
            discountable: 25,
            discountablePerTax: { 5: 20 },
        });
        expect(wishOfCustomer({ lines: [] }, perPoint, found)).toEqual(found);
        expect(wishOfCustomer(wish, { ...perPoint, discount_mode: "percent" }, found)).toEqual(
            found
        );
        const more = { lines: [], retail_points_most: 5000 };
        expect(wishOfCustomer(more, perPoint, found)).toEqual(found);
    });

    describe("the keypad", () => {
        const points = (have, bill, used = 0) => {
            const perPoint = {
                id: 7,
                reward_type: "discount",
                discount_mode: "per_point",
                discount: 0.1,
                required_points: 1,
            };
            const loyalty = { ...program, reward_ids: [perPoint], portal_point_name: "Stars" };
            perPoint.program_id = loyalty;
            const lines = used
                ? [
                      {
                          reward_id: perPoint,
                          points_cost: used,
                          prices: { total_included: -used / 10 },
                          delete: () => lines.splice(0),
                      },
                  ]
                : [];
            return {
                lines,
                partner_id: { id: 3 },
                models: { "loyalty.program": { get: () => loyalty } },
                uiState: { couponPointChanges: { 9: { coupon_id: 9, program_id: 1 } } },
                _getRealCouponPoints: () => have - used,
                retailPointsBill: () => bill - used / 10,
                _applyReward: () => true,
            };
        };

        test("the most is what the card has and the bill takes", () => {
            expect(pointsToPay(points(120, 100)).most).toBe(120);
            expect(pointsToPay(points(5000, 12.85)).most).toBe(129);
            const again = pointsToPay(points(500, 100, 200));
            expect([again.have, again.used, again.most]).toEqual([500, 200, 500]);
        });

        test("why there is nothing to pay with", () => {
            allowTranslations();
            expect(pointsToPay({ ...points(1, 1), partner_id: undefined }).error).toInclude(
                "Choose the customer"
            );
            expect(pointsToPay(points(0, 100)).error).toInclude("Too few points");
            expect(pointsToPay(points(50, 0)).error).toInclude("Nothing of this bill");
            const other = { ...points(50, 9), uiState: { couponPointChanges: {} } };
            expect(pointsToPay(other).error).toInclude("no points");
        });

        test("whole points up to the most are taken", () => {
            expect(["", "0", "120", "121", "12.5", "-3", "x"].map((b) => pointsTyped(b, 120))).toEqual([
                0, 0, 120, null, null, null, null,
            ]);
        });

        test("what paid before is replaced", () => {
            const order = points(500, 100, 200);
            const told = pointsToPay(order);
            expect(payWithPoints(order, told, 150)).toBe(true);
            expect([order.retail_points_most, order.lines.length]).toEqual([150, 0]);
        });
    });

    test("the engine is told which promotions have a coupon", () => {
        const order = { retail_coupons: { b: { token: "p,2" }, a: { token: "p,1" } } };
        expect(codesOf(order)).toEqual(["p,1", "p,2"]);
        expect(codesOf({})).toEqual([]);
    });
});
