import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** The coupons on the open order, each with a cross to take it off. */
export class CouponChips extends Component {
    static template = "pos_retail_promo.CouponChips";
    static props = { order: Object };

    setup() {
        this.pos = usePos();
    }

    get coupons() {
        const { order } = this.props;
        return Object.entries(order.retail_coupons || {}).map(([code, { promotion }]) => ({
            code,
            name: order.models["retail.promotion"].get(promotion)?.name || "",
        }));
    }

    async remove(code) {
        this.pos.promotions.coupons.remove(this.props.order, code);
        await this.pos.updateRewards();
    }
}
