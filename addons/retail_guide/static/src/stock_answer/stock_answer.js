import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatDate, formatDateTime, deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const TYPES = {
    normal: _t("Normal"),
    reserve: _t("Reserve"),
    display: _t("Display"),
    defective: _t("Defective"),
};

/** Return the id of the product of a form, which may be that of its template. */
function productId(record) {
    return record.resModel === "product.template" ? record.data.product_variant_id?.id : record.resId;
}

/** Answers "do you have it, and where" on the form of a product, and asks other stores for it. */
export class StockAnswer extends Component {
    static template = "retail_guide.StockAnswer";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ answer: null, quantity: 1, asking: false });
        this.keepLast = new KeepLast();
        onWillStart(() => this.load(productId(this.props.record), false));
        onWillUpdateProps(({ record }) => {
            if (productId(record) !== this.answer?.product_id) {
                return this.load(productId(record), this.answer?.here?.store_id);
            }
        });
    }

    get answer() {
        return this.state.answer;
    }

    /** All stores by name, for the choice of the one that is asked. */
    get choices() {
        const { here, stores } = this.answer;
        return [here, ...stores].filter(Boolean).sort((a, b) => a.name.localeCompare(b.name));
    }

    get headline() {
        const { here, storable } = this.answer;
        if (!storable) {
            return _t("Not kept in stock: always available.");
        }
        if (!here) {
            return _t("Choose your store.");
        }
        const name = here.name;
        if (here.on_hand < 0) {
            const quantity = this.number(here.on_hand);
            return _t("%(name)s: the count is wrong (%(quantity)s). Look on the shelf.", {
                name,
                quantity,
            });
        }
        if (here.free > 0) {
            return _t("Yes: %(name)s has %(quantity)s free.", {
                name,
                quantity: this.number(here.free),
            });
        }
        if (here.on_hand > 0) {
            const quantity = this.number(here.on_hand);
            return _t("%(name)s has %(quantity)s, but none is free.", { name, quantity });
        }
        return _t("No: %(name)s has none.", { name });
    }

    get headlineClass() {
        const { here, storable } = this.answer;
        if (!storable || here?.free > 0) {
            return "alert-success";
        }
        return here?.on_hand < 0 ? "alert-danger" : "alert-warning";
    }

    get orderText() {
        const { order_days, order_date } = this.answer;
        if (order_days === false) {
            return "";
        }
        const date = formatDate(deserializeDate(order_date));
        return _t("Ordered today, it comes in %(days)s days: %(date)s.", { days: order_days, date });
    }

    number(value) {
        return formatFloat(value, { trailingZeros: false });
    }

    time(value) {
        return value ? formatDateTime(deserializeDateTime(value)) : "";
    }

    typeName(place) {
        return TYPES[place.stock_type];
    }

    distance(store) {
        return store.kilometres === false
            ? store.region
            : _t("%(distance)s km", { distance: this.number(store.kilometres) });
    }

    expected(store) {
        if (!store?.expected_date) {
            return "";
        }
        return _t("%(quantity)s on %(date)s", {
            quantity: this.number(store.expected_qty),
            date: formatDate(deserializeDateTime(store.expected_date)),
        });
    }

    requested(store) {
        const { name, quantity } = store.request;
        return _t("Asked for %(quantity)s: %(name)s", { quantity: this.number(quantity), name });
    }

    canAsk(store) {
        return this.answer.can_request && store.free > 0 && !store.request;
    }

    askLabel(store) {
        return _t("Ask %(name)s for it", { name: store.name });
    }

    async load(productId, storeId) {
        this.state.answer = productId
            ? await this.keepLast.add(
                  this.orm.call("product.product", "retail_stock_answer", [productId], {
                      store_id: storeId || false,
                  })
              )
            : null;
    }

    choose(event) {
        return this.load(this.answer.product_id, parseInt(event.target.value));
    }

    async ask(store) {
        if (this.state.asking) {
            return;
        }
        this.state.asking = true;
        const { product_id, here } = this.answer;
        try {
            const request = await this.orm.call(
                "product.product",
                "retail_request_transfer",
                [product_id],
                {
                    source_store_id: store.store_id,
                    store_id: here.store_id,
                    quantity: this.state.quantity,
                }
            );
            this.notification.add(
                request.new
                    ? _t("%(store)s has been asked: %(name)s.", {
                          store: store.name,
                          name: request.name,
                      })
                    : _t("You have asked %(store)s already: %(name)s.", {
                          store: store.name,
                          name: request.name,
                      }),
                { type: "success" }
            );
        } finally {
            this.state.asking = false;
            await this.load(product_id, here.store_id);
        }
    }
}

registry.category("view_widgets").add("retail_stock_answer", { component: StockAnswer });
