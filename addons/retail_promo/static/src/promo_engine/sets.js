/**
 * Which lines a product set meets.
 *
 * Twin: promo_engine/sets.py
 */

import {compare} from "./money.js";

export const KINDS = ["products", "categories", "brands", "tags"];

/**
 * A set of the contract, ready for many carts; compared by identity.
 *
 * `include` and `exclude` hold [kind, Set of values] only for kinds that name something.
 */
export class ProductSet {
    constructor(data) {
        this.all = data.all === true;
        this.include = named(data);
        this.exclude = named(data.exclude ?? {});
    }
}

/** Gives equal sets one ProductSet, so that a cart is matched with them once. */
export class SetPool {
    constructor() {
        this._sets = new Map();
    }

    /** Return the ProductSet of a set of the contract. */
    get(data) {
        const made = new ProductSet(data);
        const key = JSON.stringify([made.all, texts(made.include), texts(made.exclude)]);
        if (!this._sets.has(key)) {
            this._sets.set(key, made);
        }
        return this._sets.get(key);
    }
}

/** The lines of one cart by product, category, brand and tag. */
export class LineDirectory {
    /** `lines` are the cart lines a set may meet, in cart order. */
    constructor(lines) {
        this._positions = lines.map((line) => line.position);
        this._byKind = new Map(KINDS.map((kind) => [kind, new Map()]));
        for (const line of lines) {
            for (const [kind, values] of line.facts()) {
                this._note(this._byKind.get(kind), values, line.position);
            }
        }
        this._found = new Map();
    }

    /** Return the products, categories, brands or tags that occur, as a Map's keys. */
    values(kind) {
        return this._byKind.get(kind);
    }

    /** Tell whether there is any line at all. */
    meetsAny() {
        return this._positions.length > 0;
    }

    /** Return the positions of the set's lines, in cart order. */
    find(productSet) {
        let found = this._found.get(productSet);
        if (found === undefined) {
            found = this._search(productSet);
            this._found.set(productSet, found);
        }
        return found;
    }

    _note(places, values, position) {
        for (const value of values) {
            if (places.has(value)) {
                places.get(value).push(position);
            } else {
                places.set(value, [position]);
            }
        }
    }

    _search(productSet) {
        const inside = productSet.all ? new Set(this._positions) : this._hits(productSet.include);
        for (const position of this._hits(productSet.exclude)) {
            inside.delete(position);
        }
        return [...inside].sort(compare);
    }

    _hits(namedValues) {
        const hits = new Set();
        for (const [kind, values] of namedValues) {
            const places = this._byKind.get(kind);
            for (const value of common(values, places)) {
                for (const position of places.get(value)) {
                    hits.add(position);
                }
            }
        }
        return hits;
    }
}

/** Return the values that a Set or Map has in common with another one. */
export function common(one, other) {
    const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
    return [...fewer.keys()].filter((value) => more.has(value));
}

function named(data) {
    const kinds = KINDS.filter((kind) => data[kind]?.length);
    return kinds.map((kind) => [kind, new Set(data[kind])]);
}

function texts(namedValues) {
    const asText = (values) => [...values].map((value) => JSON.stringify(value)).sort();
    return namedValues.map(([kind, values]) => [kind, asText(values)]);
}
