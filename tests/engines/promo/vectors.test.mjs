// Every vector through the JavaScript twin: node --test tests/engines/promo/vectors.test.mjs
import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {test} from "node:test";

const addon = new URL("../../../addons/retail_promo/", import.meta.url);
const engine = new URL("static/src/promo_engine/", addon);
const {InvalidInput} = await import(new URL("errors.js", engine));
const {evaluate} = await import(new URL("evaluate.js", engine));
const {lineFloor, partOfFloor} = await import(new URL("margin.js", engine));
const {largestRemainder, mulDiv} = await import(new URL("money.js", engine));
const {canonical, consumption} = await import(new URL("outcome.js", engine));
const {ProgramIndex} = await import(new URL("program_index.js", engine));
const {refund} = await import(new URL("refund.js", engine));

const OTHER_SHAPES = ["errors", "margin", "refunds"];
// A number that a double may not hold; read as BigInt it stays exact.
const EXACT = /([:[,])(-?\d{16,})(?=[,\]}])/g;

function read(topic) {
    return readFileSync(new URL(`vectors/${topic}.json`, addon), "utf8");
}

// The canonical form of what a vector expects, cut from its text: JSON.parse would round.
function expected(text) {
    const exact = text.replace(EXACT, '$1{"exact":"$2"}');
    const revive = (_key, value) => (value?.exact ? BigInt(value.exact) : value);
    return JSON.parse(exact, revive).map((vector) => canonical(vector.expect));
}

const topics = readdirSync(new URL("vectors/", addon)).map((name) => name.replace(".json", ""));
for (const topic of topics.filter((name) => !OTHER_SHAPES.includes(name))) {
    const wanted = expected(read(topic));
    JSON.parse(read(topic)).forEach((vector, place) => {
        test(`${topic}-${vector.id} ${vector.why ?? ""}`, () => {
            const given = structuredClone(vector);
            const index = new ProgramIndex(vector.programs, vector.groups);
            const outcome = evaluate(vector.cart, index, [], vector.explain ?? false);
            assert.equal(canonical(outcome), wanted[place]);
            assert.deepEqual(vector, given);
            assert.equal(consumption(outcome).length, outcome.applied.length);
        });
    });
}

for (const vector of JSON.parse(read("errors"))) {
    test(`errors-${vector.id} ${vector.why}`, () => {
        assert.throws(
            () => evaluate(vector.cart, vector.programs, vector.groups),
            (error) => {
                assert.ok(error instanceof InvalidInput && error instanceof RangeError);
                assert.equal(error.message, vector.error);
                return true;
            }
        );
    });
}

for (const vector of JSON.parse(read("refunds"))) {
    test(`refunds-${vector.id} ${vector.why}`, () => {
        const {paid, cart, programs, groups, granted, refundable} = vector;
        const result = refund(paid, cart, programs, groups, granted, refundable);
        assert.equal(canonical(result), canonical(vector.expect));
    });
}

for (const vector of JSON.parse(read("margin"))) {
    test(`margin-${vector.id} ${vector.why}`, () => {
        const {cost, margin, qty, amount, untaxed, floor, sold, kept} = vector;
        if (kept !== undefined) {
            assert.equal(partOfFloor(floor, qty, sold), BigInt(kept));
        } else {
            assert.equal(lineFloor(cost, margin, qty, amount, untaxed), BigInt(floor));
        }
    });
}

test("a margin that no price has", () => {
    for (const margin of [-1, 10000]) {
        assert.throws(() => lineFloor(1, margin, 1000, 1000, 1000), InvalidInput);
    }
});

test("mulDiv rounds half away from zero", () => {
    assert.equal(mulDiv(5, 1, 2), 3n);
    assert.equal(mulDiv(-5, 1, 2), -3n);
    assert.equal(mulDiv(5, 1, -2), -3n);
    assert.equal(mulDiv(-1, 1, 3), 0n);
    assert.throws(() => mulDiv(1, 1, 0), RangeError);
});

test("largestRemainder sums exactly, ties to the earlier", () => {
    assert.deepEqual(largestRemainder(100, [1, 1, 1]), [34n, 33n, 33n]);
    assert.deepEqual(largestRemainder(-100, [1, 1, 1]), [-34n, -33n, -33n]);
    assert.deepEqual(largestRemainder(0, [0, 0]), [0n, 0n]);
    assert.throws(() => largestRemainder(1, [0, 0]), RangeError);
    assert.throws(() => largestRemainder(1, [2, -1]), RangeError);
});
