import { Component, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
import { useLongPress } from "@point_of_sale/app/hooks/long_press_hook";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { recallMember, rememberMember } from "./member_memory";
import { isHeldOut, popularOnly, recommendationData } from "./recommendation_data";
import { noteEvents, refusedProducts } from "./recommendation_events";
import { recommend } from "./scorer";

const STRIP_LENGTH = 6;

/** Recommended products above the product grid; follows the basket at once, without a call. */
export class RecommendationStrip extends Component {
    static template = "pos_retail_guide.RecommendationStrip";
    static props = {};

    setup() {
        this.pos = usePos();
        this.notification = useService("notification");
        this.state = useState({ member: null });
        this.longPressed = false;
        this.longPress = useLongPress((item) => {
            this.longPressed = true;
            this.refuse(item);
        });
        useEffect(
            (partnerId) => {
                this.loadMember(partnerId);
            },
            () => [this.order?.partner_id?.id]
        );
        useEffect(
            () => {
                if (this.isForSomebody) {
                    noteEvents(this.order, "shown", this.items);
                }
            },
            () => [
                this.order?.uuid,
                this.isForSomebody,
                this.items.map((item) => item.productId).join(),
            ]
        );
    }

    get order() {
        return this.pos.getOrder();
    }

    get visible() {
        return Boolean(this.order && !this.order.finalized && !this.order.isRefund);
    }

    /** An order without customer and lines waits for somebody: nothing is shown to anybody. */
    get isForSomebody() {
        return Boolean(this.order?.partner_id || this.order?.lines.length);
    }

    /** What to show now: products of this till only, the best first, ranks from 1. */
    get items() {
        if (!this.visible) {
            return [];
        }
        const products = this.pos.models["product.product"];
        const basket = this.order.lines.map((line) => line.product_id.id);
        const { items: member, refused: refusedBefore } = this.memberOfOrder;
        const refused = new Set([...refusedProducts(this.order), ...refusedBefore]);
        const data = recommendationData(this.pos.config);
        const ranked = recommend(isHeldOut(member) ? popularOnly(data) : data, {
            basket,
            member,
            usable: (id) => !refused.has(id) && Boolean(products.get(id)),
            limit: STRIP_LENGTH,
        });
        return ranked.map((item, index) => ({
            ...item,
            rank: index + 1,
            product: products.get(item.productId),
            name: productName(products.get(item.productId)),
            text: item.text || this.reasonText(item, products),
        }));
    }

    /** What is known of the order's member: {items, refused}. */
    get memberOfOrder() {
        const member = this.state.member;
        return member && member.partnerId === this.order.partner_id?.id
            ? member
            : { items: [], refused: [] };
    }

    reasonText(item, products) {
        if (item.reason === "basket") {
            return _t("Often bought with %(product)s", {
                product: productName(products.get(item.because)),
            });
        }
        return _t("Popular in this store");
    }

    /** The price as the till shows prices: with tax or without. */
    price(product) {
        const details = product.getTaxDetails({
            overridedValues: {
                pricelist: this.order.pricelist_id || this.pos.config.pricelist_id,
                fiscalPosition: this.order.fiscal_position_id,
            },
        });
        const withTax = this.pos.config.iface_tax_included === "total";
        return this.env.utils.formatCurrency(
            withTax ? details.total_included : details.total_excluded
        );
    }

    /** One call brings what this member buys; without an answer the last one holds. */
    async loadMember(partnerId) {
        this.state.member = null;
        if (typeof partnerId !== "number" || !this.visible) {
            return;
        }
        const told = await this.askForMember(partnerId);
        if (told && this.order?.partner_id?.id === partnerId) {
            this.state.member = { ...told, partnerId };
        }
    }

    async askForMember(partnerId) {
        const { config, data } = this.pos;
        if (!recommendationData(config).ask) {
            return undefined;
        }
        try {
            const args = [[config.id], partnerId];
            const told = await data.call("pos.config", "retail_recommend_member", args);
            rememberMember(config, partnerId, told);
            return told;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return recallMember(config, partnerId);
            }
            // A member out of reach: a till must sell all the same.
            if (error instanceof RPCError) {
                return undefined;
            }
            throw error;
        }
    }

    async add(item) {
        if (this.longPressed) {
            this.longPressed = false;
            return;
        }
        noteEvents(this.order, "added", [item]);
        await this.pos.addLineToCurrentOrder(
            { product_id: item.product, product_tmpl_id: item.product.product_tmpl_id },
            {},
            item.product.needToConfigure()
        );
    }

    refuse(item) {
        const member = this.order.partner_id?.name;
        noteEvents(this.order, "refused", [item]);
        this.notification.add(
            member
                ? _t("%(product)s won't be recommended to %(member)s again.", {
                      product: item.name,
                      member,
                  })
                : _t("%(product)s won't be recommended in this order.", { product: item.name }),
            { type: "info" }
        );
    }
}

/** The name without the code, which the cashier doesn't need to recommend it. */
export function productName(product) {
    const code = product.default_code ? `[${product.default_code}] ` : "";
    const name = product.display_name;
    return code && name.startsWith(code) ? name.slice(code.length) : name;
}

ProductScreen.components = { ...ProductScreen.components, RecommendationStrip };
