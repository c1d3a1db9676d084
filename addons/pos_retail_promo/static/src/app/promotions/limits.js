/**
 * What a till may give of limited promotions: what the server holds for an order or, without
 * an answer, this till's own share.
 */
import { browser } from "@web/core/browser/browser";

const ANSWER_MS = 1500; // a customer waits no longer for a connection
const RENEW_MS = 60000; // ask again when a reservation ends within this time
const RENEW_EVERY_MS = 240000; // while the payment screen is open
const LONGEST_HOLD_MS = 1800000; // an order that lies longer is held no more
// Limits that a share can stand for, and what of the share they bound.
const SHARED_LIMITS = { orders: "orders", units: "units", store_units: "units", amount: "amount" };

export class TillLimits {
    constructor(pos) {
        this.pos = pos;
        this.used = {}; // the engine's `used` of customers who are no members, as last told
        this.answers = new Map(); // by uuid of the order: {granted, used, until} or {used, offline}
        this.releasing = new Map(); // by uuid of the order: the call that frees what it held
        this.timer = null; // renews what is held for the order that is being paid
        this.key = `retail_promo_share_${pos.config.id}`;
        this.share = JSON.parse(browser.localStorage.getItem(this.key) || "null") || {
            slices: {}, // by program: {orders, units, amount}
            until: "", // UTC text
            spent: {}, // by uuid of the order: the engine's consumption
        };
    }

    /** Programs of which somebody counts what was taken. */
    get programs() {
        return this.pos.models["retail.promotion"]
            .map((promotion) => promotion._program)
            .filter((program) => countedLimits(program).length);
    }

    /** The engine's `used` for an order. */
    usedFor(order) {
        return this.answers.get(order.uuid)?.used || this.used;
    }

    /** The connection may be back: ask again. */
    forgetOffline(order) {
        if (this.answers.get(order.uuid)?.offline) {
            this.answers.delete(order.uuid);
        }
    }

    // === WHILE AN ORDER IS BEING PAID === //

    /** The payment screen of an order is open: go on holding what it takes, for some time. */
    watch(order) {
        this.unwatch();
        const since = Date.now();
        this.timer = browser.setInterval(() => {
            if (Date.now() - since > LONGEST_HOLD_MS) {
                this.unwatch();
            } else {
                this.renew(order);
            }
        }, RENEW_EVERY_MS);
    }

    unwatch() {
        browser.clearInterval(this.timer);
        this.timer = null;
    }

    /** The payment screen is left: what isn't paid is free for others, unless a part is paid. */
    leave(order) {
        this.unwatch();
        if (!order.payment_ids.some((payment) => payment.payment_status === "done")) {
            this.release(order);
        }
    }

    async renew(order) {
        const known = this.answers.get(order.uuid);
        if (holdsAny(known) && (await this.ask("retail_promo_renew", order.uuid))) {
            known.until = Date.now() + known.seconds * 1000;
        }
    }

    /** An order isn't paid, or by another customer: free what it held, forget what was told. */
    release(order) {
        const { uuid } = order;
        const known = this.answers.get(uuid);
        this.answers.delete(uuid);
        if (order.finalized) {
            return;
        }
        if (known?.offline) {
            const { [uuid]: _freed, ...spent } = this.share.spent;
            this.keep({ ...this.share, spent });
        } else if (holdsAny(known)) {
            this.releasing.set(uuid, this.ask("retail_promo_release", uuid));
        }
    }

    /** Get this till's share, for the time without a connection. */
    async load() {
        if (!this.programs.length) {
            return;
        }
        const told = await this.ask("retail_promo_slices");
        if (told) {
            this.used = told.used;
            this.keep({ slices: told.slices, until: told.until || "", spent: this.unsyncedSpent() });
        }
    }

    /**
     * Have what an order takes held for it.
     * @param {Array} taken the engine's consumption of the order
     * @returns {Promise<boolean>} whether something new was told, so that it is to be evaluated
     */
    async reserve(order, taken) {
        const limited = new Set(this.programs.map((program) => program.id));
        const wishes = taken.filter(({ program }) => limited.has(program));
        const known = this.answers.get(order.uuid);
        if (known?.offline) {
            this.spend(order, wishes);
            return false;
        }
        if (known ? covers(known, wishes) : !wishes.length) {
            return false;
        }
        // What was held before is freed first, not after.
        await this.releasing.get(order.uuid);
        this.releasing.delete(order.uuid);
        const told = await this.ask(
            "retail_promo_reserve",
            order.uuid,
            wishes,
            order.partner_id?.id || false
        );
        if (told) {
            this.answers.set(order.uuid, { ...told, until: Date.now() + told.seconds * 1000 });
        } else {
            this.answers.set(order.uuid, { used: this.usedOffline(order), offline: true });
        }
        return true;
    }

    /** Ask the server, shortly; undefined without an answer in time. */
    async ask(method, ...args) {
        let timer;
        const late = new Promise((resolve) => (timer = browser.setTimeout(resolve, ANSWER_MS)));
        const call = this.pos.data.silentCall("pos.config", method, [[this.pos.config.id], ...args]);
        const told = await Promise.race([call, late]);
        browser.clearTimeout(timer);
        return told || undefined;
    }

    /** `used` that leaves an order what is left of this till's share, and nothing without one. */
    usedOffline(order) {
        const now = luxon.DateTime.utc().toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
        const slices = this.share.until > now ? this.share.slices : {};
        const used = {};
        for (const program of this.programs) {
            used[program.id] = {};
            for (const name of countedLimits(program)) {
                const measure = SHARED_LIMITS[name];
                const left = measure ? this.left(slices[program.id], program.id, measure, order) : 0;
                used[program.id][name] = program.limits[name] - left;
            }
        }
        return used;
    }

    left(slice, programId, measure, order) {
        const spent = Object.entries(this.share.spent)
            .filter(([uuid]) => uuid !== order.uuid)
            .flatMap(([, taken]) => taken.filter(({ program }) => program === programId))
            .reduce((sum, entry) => sum + entry[measure], 0);
        return Math.max(0, (slice?.[measure] || 0) - spent);
    }

    spend(order, wishes) {
        this.keep({ ...this.share, spent: { ...this.share.spent, [order.uuid]: wishes } });
    }

    /** What was sold from the share and isn't known to the server yet. */
    unsyncedSpent() {
        const orders = this.pos.models["pos.order"];
        return Object.fromEntries(
            Object.entries(this.share.spent).filter(([uuid]) => {
                const order = orders.getBy("uuid", uuid);
                return order?.finalized && !order.isSynced;
            })
        );
    }

    /** The share outlives a reload of the page. */
    keep(share) {
        this.share = share;
        browser.localStorage.setItem(this.key, JSON.stringify(share));
    }
}

/** The limits of a program that are counted over many orders. */
function countedLimits(program) {
    return Object.keys(program?.limits || {}).filter((name) => name !== "per_order_units");
}

function holdsAny(known) {
    return Boolean(known?.granted) && Object.keys(known.granted).length > 0;
}

/** Whether what is held for an order is enough, and for long enough. */
function covers({ granted, until }, wishes) {
    return (
        until - RENEW_MS > Date.now() &&
        wishes.every(({ program, units, amount }) => {
            const held = granted[program];
            return held && held.units >= units && held.amount >= amount;
        })
    );
}
