/**
 * Programs indexed by what can make them matter to a cart.
 *
 * Twin: promo_engine/program_index.py
 *
 * A program lies on the shelves of its rarest cart condition (a code before a segment before a
 * store ...), and there under the products, categories, brands and tags of its trigger set. A
 * cart looks only at the shelves of its own code, segments, store ... and there only under what
 * its lines are. What is not found can neither apply nor be told of.
 */

import {checksOf} from "./conditions.js";
import {checkIntegers, checkUnique, ensure, needed, neededInteger} from "./errors.js";
import {compare} from "./money.js";
import {Program, compareIds, compareOrder} from "./program.js";
import {KINDS, SetPool, common} from "./sets.js";

const MODES = ["compound", "exclusive", "best", "best_line"];
const BEST_LINE_KINDS = ["percent", "price"];
// The condition that decides on which shelves a program lies, the rarest first.
const SHELF_CONDITIONS = [
    "segments_any",
    "tags_any",
    "stores",
    "classes",
    "channels",
    "currencies",
];
const OPEN_SHELF = ["open", null];

/** Ranks of programs by what their trigger sets name. */
export class Shelf {
    constructor() {
        this._everywhere = [];
        this._byKind = new Map(KINDS.map((kind) => [kind, new Map()]));
    }

    add(program) {
        if (program.triggerSet.all) {
            this._everywhere.push(program.rank);
            return;
        }
        for (const [kind, values] of program.triggerSet.include) {
            for (const value of values) {
                append(this._byKind.get(kind), value, program.rank);
            }
        }
    }

    /** Add the ranks of the programs whose set may meet a line of the cart. */
    collect(cart, ranks) {
        if (cart.directory.meetsAny()) {
            addAll(ranks, this._everywhere);
        }
        for (const [kind, places] of this._byKind) {
            for (const value of common(cart.directory.values(kind), places)) {
                addAll(ranks, places.get(value));
            }
        }
    }
}

/**
 * All programs and groups of a shop; build once, evaluate many carts.
 *
 * Throws InvalidInput for repeated ids, an unknown group or mode, unfit numbers, or a
 * program that its group's mode can't hold.
 */
export class ProgramIndex {
    constructor(programs, groups) {
        checkIntegers(programs, "programs");
        checkIntegers(groups, "groups");
        this.modes = modesInOrder(groups);
        const places = new Map([...this.modes.keys()].map((group, place) => [group, place]));
        const pool = new SetPool();
        this.programs = programs.map((program) => new Program(program, pool));
        checkUnique(
            this.programs.map((program) => program.id),
            "programs"
        );
        for (const program of this.programs) {
            ensure(places.has(program.group), `program ${program.id}: unknown group`);
            checkMode(program, this.modes.get(program.group));
        }
        this.programs.sort(
            (one, other) =>
                compare(places.get(one.group), places.get(other.group)) ||
                compareOrder(one, other)
        );
        this._shelves = new Map();
        this._byCode = new Map();
        this.programs.forEach((program, rank) => {
            program.rank = rank;
            program.checks = checksOf(program);
            this._place(program);
        });
    }

    /** Return the programs that can matter to the cart, in the order of evaluation. */
    candidates(cart) {
        const ranks = new Set();
        for (const code of cart.codes) {
            addAll(ranks, this._byCode.get(code) ?? []);
        }
        for (const [condition, value] of shelfKeys(cart)) {
            const shelf = this._shelves.get(condition)?.get(value);
            if (shelf !== undefined) {
                shelf.collect(cart, ranks);
            }
        }
        return [...ranks].sort(compare).map((rank) => this.programs[rank]);
    }

    /** Split programs in the order of evaluation into [mode, programs of one group]. */
    byGroup(programs) {
        const runs = [];
        let group = null;
        for (const program of programs) {
            if (!runs.length || program.group !== group) {
                group = program.group;
                runs.push([this.modes.get(group), []]);
            }
            runs[runs.length - 1][1].push(program);
        }
        return runs;
    }

    _place(program) {
        if (program.code !== null) {
            append(this._byCode, program.code, program.rank);
            return;
        }
        for (const [condition, value] of homeKeys(program)) {
            if (!this._shelves.has(condition)) {
                this._shelves.set(condition, new Map());
            }
            const shelves = this._shelves.get(condition);
            if (!shelves.has(value)) {
                shelves.set(value, new Shelf());
            }
            shelves.get(value).add(program);
        }
    }
}

/** Return a Map of group id to mode in the order in which the groups run. */
function modesInOrder(groups) {
    checkUnique(
        groups.map((group) => needed(group, "id", "group")),
        "groups"
    );
    const ordered = groups.map((group) => [
        neededInteger(group, "order", `group ${group.id}`),
        group,
    ]);
    ordered.sort(
        ([one, first], [other, second]) => compare(one, other) || compareIds(first.id, second.id)
    );
    const modes = new Map();
    for (const [, group] of ordered) {
        const path = `group ${group.id}`;
        const mode = needed(group, "mode", path);
        ensure(MODES.includes(mode), `${path}: unknown mode ${mode}`);
        modes.set(group.id, mode);
    }
    return modes;
}

function homeKeys(program) {
    for (const condition of SHELF_CONDITIONS) {
        const values = program[condition];
        if (values.size) {
            return [...values].map((value) => [condition, value]);
        }
    }
    return [OPEN_SHELF];
}

function shelfKeys(cart) {
    const keys = [
        OPEN_SHELF,
        ["stores", cart.store],
        ["channels", cart.channel],
        ["currencies", cart.currency],
    ];
    if (cart.member !== null) {
        keys.push(["classes", cart.member.tier]);
        keys.push(...[...cart.member.segments].map((segment) => ["segments_any", segment]));
        keys.push(...[...cart.member.tags].map((tag) => ["tags_any", tag]));
    }
    return keys;
}

function checkMode(program, mode) {
    if (mode === "best_line") {
        const path = `program ${program.id}: a best_line group`;
        ensure(BEST_LINE_KINDS.includes(program.kind), `${path} takes no ${program.kind}`);
        ensure(!program.unitLimits.length, `${path} takes no unit limit`);
    }
}

function append(places, key, rank) {
    if (places.has(key)) {
        places.get(key).push(rank);
    } else {
        places.set(key, [rank]);
    }
}

function addAll(ranks, more) {
    for (const rank of more) {
        ranks.add(rank);
    }
}
