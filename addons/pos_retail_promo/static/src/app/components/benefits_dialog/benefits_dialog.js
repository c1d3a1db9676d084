import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { ConnectionLostError } from "@web/core/network/rpc";
import { uuidv4 } from "@point_of_sale/utils";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import {
    payWithPoints,
    pointsToPay,
    pointsTyped,
} from "@pos_retail_promo/app/promotions/points";

/**
 * What the customer of the open order has: points to pay with, coupons and offers, each with
 * the reason why it can't be had now. Points work without a connection, the rest asks the server.
 */
export class BenefitsDialog extends Component {
    static template = "pos_retail_promo.BenefitsDialog";
    static components = { Dialog };
    static props = { order: Object, close: Function };

    setup() {
        this.pos = usePos();
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ coupons: [], offers: [], offline: false, busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        await this.pos.updatePrograms();
        try {
            const { coupons, offers } = await this.ask(
                "retail_promo_benefits",
                this.props.order.uuid,
                this.props.order.partner_id?.id || false
            );
            Object.assign(this.state, { coupons, offers, offline: false });
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.offline = true;
        }
    }

    ask(method, ...args) {
        return this.pos.data.call("pos.config", method, [[this.pos.config.id], ...args]);
    }

    get title() {
        const { partner_id } = this.props.order;
        return partner_id ? partner_id.name : _t("Points and Coupons");
    }

    get points() {
        return pointsToPay(this.props.order);
    }

    money(points, worth) {
        return this.env.utils.formatCurrency(points * worth);
    }

    isOn(code) {
        return Boolean(this.props.order.retail_coupons?.[code]);
    }

    // === POINTS === //

    /** Ask on a keypad how many points to pay with; all that can be is there already. */
    openKeypad() {
        const told = this.points;
        const { most, worth } = told;
        this.dialog.add(NumberPopup, {
            title: _t("Pay with points"),
            subtitle: _t("At most %s (%s)", most, this.money(most, worth)),
            startingValue: String(most),
            isValid: (buffer) => pointsTyped(buffer, most) !== null,
            feedback: (buffer) => {
                const points = pointsTyped(buffer, most);
                return points === null
                    ? _t("A whole number up to %s, please.", most)
                    : this.money(points, worth);
            },
            getPayload: (buffer) => this.usePoints(told, pointsTyped(buffer, most)),
        });
    }

    async usePoints(told, points) {
        const done = payWithPoints(this.props.order, told, points);
        if (done !== true) {
            this.notification.add(done, { type: "danger" });
        }
        await this.pos.updateRewards();
        this.props.close();
    }

    // === COUPONS AND OFFERS === //

    async useCoupon(code) {
        const done = await this.pos.activateCode(code);
        if (done !== true) {
            this.notification.add(done, { type: "danger" });
            return this.load();
        }
        this.props.close();
    }

    async redeem(offer) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        offer.key ??= uuidv4(); // pressed again after a lost answer, it is the same request
        try {
            const { order } = this.props;
            const told = await this.ask(
                "retail_promo_redeem",
                offer.id,
                order.partner_id.id,
                offer.key
            );
            this.notification.add(told.error || told.text, {
                type: told.error ? "danger" : "success",
                sticky: !told.error,
            });
            await this.refreshCard();
            await this.load();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.offline = true;
        } finally {
            this.state.busy = false;
        }
    }

    /** The points that the till knows are less now. */
    async refreshCard() {
        const { couponId } = this.points;
        if (couponId > 0) {
            await this.pos.data.read("loyalty.card", [couponId]);
            await this.pos.updateRewards();
        }
    }
}
