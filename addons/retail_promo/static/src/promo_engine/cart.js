/**
 * The basket to be evaluated.
 *
 * Twin: promo_engine/cart.py
 */

import {checkIntegers, checkUnique, isAbsent, needed, neededInteger} from "./errors.js";
import {optionalInteger, own} from "./errors.js";
import {QTY_ONE, greater} from "./money.js";
import {LineDirectory} from "./sets.js";

/** One cart line: amount and floor in minor units, qty in thousandths, all BigInt. */
export class Line {
    constructor(data, position) {
        const path = `cart.lines[${position}]`;
        this.position = position;
        this.id = needed(data, "id", path);
        this.product = needed(data, "product", path);
        this.categories = data.categories ?? [];
        this.brand = data.brand ?? null;
        this.tags = data.tags ?? [];
        this.qty = neededInteger(data, "qty", path);
        this.amount = neededInteger(data, "amount", path);
        this.floor = greater(0n, optionalInteger(data, "floor", path) ?? 0n);
        this.giftOf = data.gift_of ?? null;
        // A weighed line has no units; a line that never counts stays out of everything.
        this.units = this.qty % QTY_ONE ? 0n : this.qty / QTY_ONE;
        this.counts = this.qty > 0n && this.amount > 0n && data.open !== false;
    }

    /** Return [kind, values] for all that a product set can name. */
    facts() {
        return [
            ["products", [this.product]],
            ["categories", this.categories],
            ["brands", this.brand === null ? [] : [this.brand]],
            ["tags", this.tags],
        ];
    }
}

/** Who buys: class, tags, segments, first order, spend by period in minor units. */
export class Member {
    constructor(data) {
        this.tier = data.class ?? null;
        this.tags = new Set(data.tags ?? []);
        this.segments = new Set(data.segments ?? []);
        this.first = data.first === true;
        this._spend = data.spend ?? {};
    }

    /** Return what the member spent in a period, in minor units. */
    spent(key) {
        return BigInt(own(this._spend, key) ?? 0);
    }
}

/** A checked cart. Throws InvalidInput for repeated line ids or unfit numbers. */
export class Cart {
    constructor(data) {
        checkIntegers(data, "cart");
        this.now = needed(data, "now", "cart");
        this.utc = needed(data, "utc", "cart");
        this.store = data.store ?? null;
        this.channel = data.channel ?? null;
        this.currency = data.currency ?? null;
        this.codes = new Set(data.codes ?? []);
        this.member = isAbsent(data.member) ? null : new Member(data.member);
        this._used = data.used ?? {};
        const lines = needed(data, "lines", "cart");
        this.lines = lines.map((line, position) => new Line(line, position));
        checkUnique(
            this.lines.map((line) => line.id),
            "lines"
        );
        this.directory = new LineDirectory(
            this.lines.filter((line) => line.counts && line.giftOf === null)
        );
    }

    /** Return what the ledger holds already for a program and a limit, as BigInt. */
    used(programId, key) {
        return BigInt((own(this._used, String(programId)) ?? {})[key] ?? 0);
    }

    /** Return the lines that were put in as this program's gift. */
    giftLines(programId) {
        return this.lines.filter((line) => line.counts && line.giftOf === programId);
    }
}
