/** Coupons of an open order: checked and held by the server, one per promotion. */
import { ConnectionLostError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";
import { OPEN_REJECTIONS } from "./sale";

export class TillCoupons {
    constructor(pos, applier) {
        this.pos = pos;
        this.applier = applier;
    }

    /** Whether any promotion of this till asks for a coupon. */
    get needed() {
        return this.pos.models["retail.promotion"].some((promotion) => promotion._program?.code);
    }

    /**
     * Put the coupon of a code on an order.
     * @returns {Promise<{ours: boolean, error: string|undefined}>} not ours: for stock loyalty
     */
    async enter(order, code) {
        let told;
        try {
            told = await this.ask("retail_promo_coupon", order.uuid, code, order.partner_id?.id);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return {
                    ours: true,
                    error: _t(
                        "A coupon can't be checked without a connection. Try again when the till is online."
                    ),
                };
            }
            throw error;
        }
        if (!told) {
            return { ours: false };
        }
        return { ours: true, error: told.error || this.place(order, told) };
    }

    /** Put a good coupon on the order; returns why its promotion doesn't take it. */
    place(order, { code, promotion, token, reasons }) {
        const coupons = order.retail_coupons || {};
        if (coupons[code]) {
            return _t("Coupon %s is on this order already.", code);
        }
        if (Object.values(coupons).some((coupon) => coupon.promotion === promotion)) {
            return _t("This promotion takes one coupon per order, and the order has one.");
        }
        const record = this.pos.models["retail.promotion"].get(promotion);
        if (!record) {
            return _t("This till doesn't know the promotion yet. Reload its data.");
        }
        this.write(order, { ...coupons, [code]: { promotion, token } });
        const reason = order.uiState.retailRejected.find(
            ({ program }) => program === promotion
        )?.reason;
        if (!reason) {
            return undefined;
        }
        if (OPEN_REJECTIONS.has(reason)) {
            // What more or other goods may undo: the coupon stays.
            this.pos.notification.add(
                _t("The coupon is on the order, but gives nothing yet. %s", reasons[reason]),
                { type: "warning" }
            );
            return undefined;
        }
        this.remove(order, code);
        return _t("The coupon doesn't hold for this order. %s", reasons[reason]);
    }

    remove(order, code) {
        const { [code]: _gone, ...left } = order.retail_coupons || {};
        this.write(order, left);
        if (!Object.keys(left).length) {
            this.pos.data.silentCall("pos.config", "retail_promo_coupon_free", [
                [this.pos.config.id],
                order.uuid,
            ]);
        }
    }

    write(order, coupons) {
        order.retail_coupons = coupons;
        this.applier.apply(order);
    }

    /**
     * Check the coupons again before the payment opens. Without a connection they stay: they
     * were good when they were entered, and the server tells afterwards.
     * @returns {Promise<Array>} why coupons had to leave the order
     */
    async check(order) {
        const codes = Object.keys(order.retail_coupons || {});
        if (!codes.length || order.isRefund) {
            return [];
        }
        const told = await this.applier.limits.ask(
            "retail_promo_coupons",
            order.uuid,
            codes,
            order.partner_id?.id || false
        );
        const errors = Object.entries(told || {});
        for (const [code] of errors) {
            this.remove(order, code);
        }
        return errors.map(([, text]) => text);
    }

    ask(method, ...args) {
        return this.pos.data.call("pos.config", method, [
            [this.pos.config.id],
            ...args.map((arg) => arg ?? false),
        ]);
    }
}
