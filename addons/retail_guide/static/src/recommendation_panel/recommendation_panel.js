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
import {
    answers,
    event,
    isBlank,
    memberRequest,
    orderRequest,
    productRequest,
    question,
} from "./recommendation_request";

const REFRESH_DELAY_MS = 150; // several fields change at once when a line is added
const CARDS = 6;
const REQUESTS = {
    "sale.order": orderRequest,
    "res.partner": memberRequest,
    "product.template": productRequest,
    "product.product": productRequest,
};

/**
 * Lists what to recommend next beneath the lines of an order, on the form of a member and on that
 * of a product. One click on a card or a choice of a line turns to what goes with that product
 * or what can be sold instead.
 */
export class RecommendationPanel extends Component {
    static template = "retail_guide.RecommendationPanel";
    static props = { ...standardWidgetProps, kind: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.action = useService("action");
        this.state = useState({
            request: null,
            focus: null,
            cards: [],
            ready: false,
            adding: false,
        });
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
                this.state.focus = this.homeFocus;
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

    get isOrder() {
        return this.record.resModel === "sale.order";
    }

    get canAdd() {
        return this.isOrder && !this.state.adding;
    }

    /** What the panel shows before anybody turns it to a product. */
    get homeFocus() {
        const product = this.request?.product;
        return product ? { kind: this.props.kind, product } : null;
    }

    get isTurned() {
        const { focus } = this.state;
        return Boolean(focus) && focus.product.id !== this.homeFocus?.product.id;
    }

    get title() {
        const { focus } = this.state;
        if (!focus) {
            return _t("Recommended");
        }
        return focus.kind === "with"
            ? _t("Goes with %(product)s", { product: focus.product.name })
            : _t("Instead of %(product)s", { product: focus.product.name });
    }

    /** Whether the card would take the place of the product in the order. */
    get replaces() {
        const { focus } = this.state;
        return focus?.kind === "instead" && this.request.basket.includes(focus.product.id);
    }

    get addText() {
        return this.replaces ? _t("Replace") : _t("Add");
    }

    get canRefuse() {
        return Boolean(this.request?.partner_id);
    }

    get emptyText() {
        if (this.state.focus) {
            return this.state.focus.kind === "with"
                ? _t("Nothing in stock here has been bought with it often enough.")
                : _t("Nothing of its category and price is in stock here.");
        }
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

    withLabel(card) {
        return _t("What goes with %(product)s", { product: card.name });
    }

    insteadLabel(card) {
        return _t("What instead of %(product)s", { product: card.name });
    }

    openLabel(card) {
        return _t("Open %(product)s", { product: card.name });
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
        const { request, focus } = this.state;
        if (!request || (!focus && isBlank(request))) {
            this.state.cards = [];
            this.state.ready = true;
            return;
        }
        const found = await this.keepLast.add(
            this.orm.silent.call(
                "product.product",
                "retail_recommend_cards",
                [],
                question(request, focus, CARDS)
            )
        );
        this.state.cards = answers(request, focus, found, CARDS);
        this.state.ready = true;
        await this.fileShown(request, this.state.cards);
    }

    /** Turn to what goes with a product or what can be sold instead; null: back. */
    turn(kind, product) {
        this.state.focus = product ? { kind, product } : this.homeFocus;
        this.state.ready = false;
        return this.refresh();
    }

    turnToCard(kind, card, index) {
        this.fileOne("clicked", card, index);
        return this.turn(kind, { id: card.product_id, name: card.name });
    }

    turnToLine(ev) {
        const line = this.request.lines.find(({ id }) => id === Number(ev.target.value));
        return this.turn("instead", line);
    }

    /** Show the product beside the form, which stays as it is. */
    open(card, index) {
        this.fileOne("clicked", card, index);
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "product.product",
            res_id: card.product_id,
            views: [[false, "form"]],
            target: "new",
        });
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

    fileOne(action, card, index) {
        const request = this.request;
        return this.file(request, [event(request.basketKey, action, card, index + 1)]);
    }

    async file(request, events) {
        if (!request.basketKey) {
            return; // a product's form: nobody is shown anything
        }
        await this.orm.silent.call("retail.recommendation.log", "record_events", [], {
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
            const lines = this.record.data.order_line;
            await lines.leaveEditMode();
            const replaced = this.replaces ? this.state.focus.product.id : null;
            const line =
                lines.records.find(({ data }) => replaced && data.product_id?.id === replaced) ||
                (await lines.addNewRecord({ position: "bottom", mode: "readonly" }));
            await this.fileOne("added", card, index);
            await line.update({
                product_id: { id: card.product_id, display_name: card.display_name },
            });
            if (!this.record.isNew) {
                await this.record.save();
            }
        } finally {
            this.state.adding = false;
        }
    }

    async refuse(card, index) {
        this.state.cards = this.state.cards.filter((other) => other !== card);
        await this.fileOne("refused", card, index);
        this.notification.add(
            _t("%(product)s won't be recommended to this customer again.", { product: card.name }),
            { type: "info" }
        );
        await this.refresh();
    }
}

registry.category("view_widgets").add("retail_recommendation_panel", {
    component: RecommendationPanel,
    extractProps: ({ attrs }) => ({ kind: attrs.kind }),
});
