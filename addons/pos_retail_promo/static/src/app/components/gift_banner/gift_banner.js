import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** The gifts of the open order: how many may still be chosen. A click opens the choice. */
export class GiftBanner extends Component {
    static template = "pos_retail_promo.GiftBanner";
    static props = { order: Object };

    setup() {
        this.pos = usePos();
    }

    get gifts() {
        const { order } = this.props;
        const gifts = order.isRefund || order.finalized ? [] : order.uiState.retailGifts || [];
        return gifts
            .map((gift) => ({
                ...gift,
                promotion: order.models["retail.promotion"].get(gift.program),
            }))
            .filter(({ promotion }) => promotion);
    }

    textOf({ units, chosen, promotion }) {
        return chosen < units
            ? _t("Gifts to choose: %(count)s (%(promotion)s)", {
                  count: units - chosen,
                  promotion: promotion.name,
              })
            : _t("Change the gifts (%s)", promotion.name);
    }

    choose() {
        return this.pos.promotions.gifts.choose(this.props.order);
    }
}
