/**
 * What happened to recommendations in orders that were given up, until the server has it.
 *
 * Orders that are paid or kept bring their events themselves. The outbox lies in the browser's
 * own storage, so it outlives a reload; the server files each uuid once.
 */
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { orderEvents } from "./recommendation_events";

const MOST_ORDERS = 200; // the oldest go first when a server refuses for long

export class RecommendationOutbox {
    constructor(pos) {
        this.pos = pos;
        this.key = `retail_guide_events_${pos.config.id}`;
        this.sending = null;
    }

    /** By uuid of the order: {events, partner}. */
    get kept() {
        return JSON.parse(browser.localStorage.getItem(this.key) || "{}");
    }

    set kept(kept) {
        browser.localStorage.setItem(this.key, JSON.stringify(kept));
    }

    /** Keep the events of an order that is about to be removed. */
    keep(order) {
        const events = orderEvents(order);
        if (order.finalized || !events.length) {
            return;
        }
        const partner = typeof order.partner_id?.id === "number" ? order.partner_id.id : false;
        const entries = Object.entries({ ...this.kept, [order.uuid]: { events, partner } });
        this.kept = Object.fromEntries(entries.slice(-MOST_ORDERS));
    }

    /** Send what is kept, one call for each order; what isn't acknowledged stays. */
    send() {
        this.sending ||= this.sendAll().finally(() => (this.sending = null));
        return this.sending;
    }

    async sendAll() {
        for (const [uuid, { events, partner }] of Object.entries(this.kept)) {
            try {
                await this.pos.data.call("pos.config", "retail_record_recommendations", [
                    [this.pos.config.id],
                    uuid,
                    events,
                    partner,
                ]);
            } catch (error) {
                if (error instanceof ConnectionLostError || error instanceof RPCError) {
                    return;
                }
                throw error;
            }
            const { [uuid]: _sent, ...kept } = this.kept;
            this.kept = kept;
        }
    }
}
