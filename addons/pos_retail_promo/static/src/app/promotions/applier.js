/** When promotions are evaluated: once per change, before the screen is drawn. */
import { toRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { sells } from "./cart";
import { TillCoupons } from "./coupons";
import { TillGifts } from "./gifts";
import { TillLimits } from "./limits";
import { evaluateRefund } from "./refund";
import { evaluateSale, explainSale, indexOf } from "./sale";
import { sameJson, writePromotionLines } from "./promotion_lines";

const { DateTime } = luxon;
// Fields of an order that matter to promotions and don't change its prices by themselves.
const ORDER_FIELDS = new Set(["partner_id", "preset_id", "is_refund"]);
// A promotion that is lost may let another one apply, which is to be held in turn.
const RESERVE_ROUNDS = 3;
const ENGINE_MODELS = ["retail.promotion", "retail.promotion.group"];
const appliers = new WeakMap();

/** The applier of the till whose records these are; none before the till has loaded. */
export function applierOf(record) {
    return appliers.get(toRaw(record.models["pos.order.line"]));
}

export class PromotionApplier {
    constructor(pos) {
        this.pos = pos;
        this.dirty = new Set(); // uuids of orders to be evaluated
        this.scheduled = false;
        this.writingTo = null; // uuid of the order whose lines are being written
        this.settling = false; // prices are computed anew after the writing
        this.engine = null;
        this.limits = new TillLimits(pos);
        this.coupons = new TillCoupons(pos, this);
        this.gifts = new TillGifts(pos, this);
        appliers.set(toRaw(pos.models["pos.order.line"]), this);
        pos.models["pos.order"].addEventListener("update", ({ id, fields }) => {
            if (fields?.some((field) => ORDER_FIELDS.has(field))) {
                const order = pos.models["pos.order"].get(id);
                this.limits.release(order);
                this.mark(order);
            }
        });
        for (const model of ENGINE_MODELS) {
            for (const event of ["create", "update", "delete"]) {
                pos.models[model].addEventListener(event, () => (this.engine = null));
            }
        }
    }

    /** Whether prices of this order need not be computed now: it is being written to. */
    holds(order) {
        return this.writingTo === order.uuid;
    }

    /** Only the order that is open on this till: another till's draft is its own affair. */
    concerns(order) {
        return Boolean(order) && !order.finalized && this.pos.selectedOrderUuid === order.uuid;
    }

    /** An order changed: evaluate it when the code that changes it has ended. */
    mark(order) {
        if (this.writingTo || this.settling || !this.concerns(order)) {
            return;
        }
        this.dirty.add(order.uuid);
        if (!this.scheduled) {
            this.scheduled = true;
            queueMicrotask(() => this.flush());
        }
    }

    /** Evaluate what has changed now, instead of at the end of the running code. */
    flush() {
        this.scheduled = false;
        for (const uuid of [...this.dirty]) {
            this.apply(this.pos.models["pos.order"].getBy("uuid", uuid));
        }
    }

    /**
     * Evaluate an order and write its promotion lines.
     * @returns {boolean} whether a line was written
     */
    apply(order) {
        this.dirty.delete(order?.uuid);
        if (!this.concerns(order)) {
            return false;
        }
        try {
            const { grants, shortfall } = evaluateRefund(order);
            order.uiState.retailShortfall = shortfall;
            return sells(order) ? this.applySale(order, grants) : this.write(order, grants);
        } catch (error) {
            // A promotion that can't be computed must not keep anybody from selling.
            console.error("Promotions can't be evaluated", error);
            this.pos.notification.add(_t("The promotions of this order can't be computed."), {
                type: "danger",
            });
            return this.write(order, new Map());
        }
    }

    /** @param {Map} takenBack what the refund part of an exchange takes back, see evaluateRefund */
    applySale(order, takenBack) {
        let told = this.evaluate(order);
        let changed = this.during(order, () => this.gifts.fit(order, told.gifts));
        if (changed) {
            told = this.evaluate(order);
        }
        changed = this.write(order, new Map([...told.grants, ...takenBack])) || changed;
        this.remember(order, told, changed);
        if (!sameJson(order.uiState.retailHints, told.hints)) {
            order.uiState.retailHints = told.hints;
        }
        if (!sameJson(order.uiState.retailGifts, told.gifts)) {
            order.uiState.retailGifts = told.gifts;
        }
        order.uiState.retailTaken = told.taken;
        order.uiState.retailRejected = told.rejected;
        return changed;
    }

    evaluate(order, ask = evaluateSale) {
        this.engine ??= indexOf(order.models);
        return ask(order, this.engine, DateTime.now(), this.limits.usedFor(order));
    }

    /** Whoever asks why: see explainSale. */
    explain(order) {
        return this.evaluate(order, explainSale);
    }

    /**
     * Have the limited promotions of an order held for it, before it is paid.
     * @returns {Promise<Array>} names of the promotions that it doesn't get any more
     */
    async reserve(order) {
        if (!sells(order) || !this.concerns(order)) {
            return [];
        }
        const shown = order.uiState.retailTaken || [];
        for (let round = 0; round < RESERVE_ROUNDS; round++) {
            const taken = order.uiState.retailTaken || [];
            if (!(await this.limits.reserve(order, taken))) {
                break;
            }
            this.apply(order);
        }
        const left = new Set((order.uiState.retailTaken || []).map(({ program }) => program));
        return shown
            .filter(({ program }) => !left.has(program))
            .map(({ program }) => this.pos.models["retail.promotion"].get(program)?.name);
    }

    write(order, grants) {
        return this.during(order, () => writePromotionLines(order, grants));
    }

    /**
     * Write lines of an order: prices are computed once after all of them, not after each.
     * @param {Function} run writes, and returns whether it did
     */
    during(order, run) {
        this.writingTo = order.uuid;
        let changed = false;
        try {
            changed = run();
        } finally {
            this.writingTo = null;
        }
        if (changed) {
            this.settling = true;
            try {
                order.triggerRecomputeAllPrices();
            } finally {
                this.settling = false;
            }
        }
        return changed;
    }

    /** Store with the sale what a refund and the server's check will need to evaluate it. */
    remember(order, { circumstances, programs, groups }, changed) {
        const data = { circumstances, programs, groups };
        const stored = order.retail_promotion_data;
        const { utc, now } = stored?.circumstances || {};
        const atThatTime = { ...data, circumstances: { ...circumstances, utc, now } };
        if (!stored && !order.lines.length) {
            return;
        }
        // Time alone changes nothing, so that looking at an order doesn't make it dirty.
        if (changed || order.isDirty() || !sameJson(stored, atThatTime)) {
            order.retail_promotion_data = data;
        }
    }
}
