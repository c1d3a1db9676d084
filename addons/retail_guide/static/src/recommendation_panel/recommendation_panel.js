import { Component, onWillDestroy, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { debounce } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { event, isBlank, memberRequest, orderRequest } from "./recommendation_request";

const REFRESH_DELAY_MS = 150; // several fields change at once when a line is added
const CARDS = 6;
const REQUESTS = { "sale.order": orderRequest, "res.partner": memberRequest };

/** Lists what to recommend next beneath the lines of an order, or on the form of a member. */
export class RecommendationPanel extends Component {
    static template = "retail_guide.RecommendationPanel";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ request: null, cards: [], ready: false, adding: false });
        this.keepLast = new KeepLast();
        this.shown = new Set();
        this.requestKey = undefined;
        this.refreshSoon = debounce(() => this.refresh(), REFRESH_DELAY_MS);
        onWillDestroy(() => this.refreshSoon.cancel());
        useRecordObserver((record) => {
            const request = REQUESTS[record.resModel](record);
            const key = JSON.stringify(request);
            if (key !== this.requestKey) {
                this.requestKey = key;
                this.state.request = request;
                this.refreshSoon();
            }
        });
    }

    get record() {
        return this.props.record;
    }

    get request() {
        return this.state.request;
    }

    get canAdd() {
        return this.record.resModel === "sale.order" && !this.state.adding;
    }

    get canRefuse() {
        return Boolean(this.request?.partner_id);
    }

    get emptyText() {
        return isBlank(this.request)
            ? _t("Choose the customer or add a product to get recommendations.")
            : _t("Nothing to recommend from this store's stock.");
    }

    addLabel(card) {
        return _t("Add %(product)s", { product: card.name });
    }

    refuseLabel(card) {
        return _t("Don't recommend %(product)s to this customer again", { product: card.name });
    }

    price(card) {
        return formatCurrency(card.price, card.currency_id);
    }

    stock(card) {
        if (card.free_qty === false) {
            return "";
        }
        const quantity = formatFloat(card.free_qty, { trailingZeros: false });
        return _t("%(quantity)s free here", { quantity });
    }

    async refresh() {
        const request = this.request;
        if (!request || isBlank(request)) {
            this.state.cards = [];
            this.state.ready = true;
            return;
        }
        const cards = await this.keepLast.add(
            this.orm.silent.call("product.product", "retail_recommend_cards", [], {
                partner_id: request.partner_id,
                basket: request.basket,
                store_id: request.store_id,
                pricelist_id: request.pricelist_id,
                limit: CARDS,
            })
        );
        this.state.cards = cards;
        this.state.ready = true;
        await this.fileShown(request, cards);
    }

    async fileShown(request, cards) {
        const events = cards
            .map((card, index) => event(request.basketKey, "shown", card, index + 1))
            .filter((shown) => !this.shown.has(shown.uuid));
        if (events.length) {
            events.forEach((shown) => this.shown.add(shown.uuid));
            await this.file(request, events);
        }
    }

    file(request, events) {
        return this.orm.silent.call("retail.recommendation.log", "record_events", [], {
            events,
            basket_key: request.basketKey,
            source: request.source,
            partner_id: request.partner_id,
            store_id: request.store_id,
        });
    }

    /** Add the product as a user would type it: prices, taxes and promotions follow. */
    async add(card, index) {
        if (!this.canAdd) {
            return;
        }
        this.state.adding = true;
        try {
            const request = this.request;
            const lines = this.record.data.order_line;
            await lines.leaveEditMode();
            const line = await lines.addNewRecord({ position: "bottom", mode: "readonly" });
            await line.update({
                product_id: { id: card.product_id, display_name: card.display_name },
            });
            await this.file(request, [event(request.basketKey, "added", card, index + 1)]);
            if (!this.record.isNew) {
                await this.record.save();
            }
        } finally {
            this.state.adding = false;
        }
    }

    async refuse(card, index) {
        const request = this.request;
        this.state.cards = this.state.cards.filter((other) => other !== card);
        await this.file(request, [event(request.basketKey, "refused", card, index + 1)]);
        this.notification.add(
            _t("%(product)s won't be recommended to this customer again.", { product: card.name }),
            { type: "info" }
        );
        await this.refresh();
    }
}

registry.category("view_widgets").add("retail_recommendation_panel", {
    component: RecommendationPanel,
});
