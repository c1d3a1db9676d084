// Evaluate cases by the JavaScript twin: one case a line in, one canonical outcome a line out.
// node tests/parity/evaluate.mjs < cases.jsonl > outcomes.jsonl
import {once} from "node:events";
import {createInterface} from "node:readline";

const engine = new URL("../../addons/retail_promo/static/src/promo_engine/", import.meta.url);
const {evaluate} = await import(new URL("evaluate.js", engine));
const {lineFloor} = await import(new URL("margin.js", engine));
const {canonical} = await import(new URL("outcome.js", engine));

// Lines that tell what they cost get the floor of their margin.
function withFloors(cart) {
    const lines = cart.lines.map(({cost, ...line}) => {
        if (!cost) {
            return line;
        }
        const floor = lineFloor(cost.unit, cost.margin, line.qty, line.amount, cost.untaxed);
        return {...line, floor: Number(floor)};
    });
    return {...cart, lines};
}

function outcomeOf({cart, programs, groups, explain}) {
    try {
        return evaluate(withFloors(cart), programs, groups, explain ?? false);
    } catch (error) {
        if (!(error instanceof RangeError)) {
            throw error;
        }
        return {error: error.message};
    }
}

for await (const line of createInterface({input: process.stdin, crlfDelay: Infinity})) {
    if (!process.stdout.write(`${canonical(outcomeOf(JSON.parse(line)))}\n`)) {
        await once(process.stdout, "drain");
    }
}
