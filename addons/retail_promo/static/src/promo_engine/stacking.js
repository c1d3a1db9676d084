/**
 * How programs of one group stand to each other: all the modes, and closing of lines.
 *
 * Twin: promo_engine/stacking.py
 *
 * A program does something when its proposal has no reason. One that is not stackable closes
 * the lines it discounted, so that no later program counts or discounts them.
 */

import {firstFailure} from "./conditions.js";
import {sum} from "./money.js";
import {compute} from "./rewards.js";
import {wholeUnitsUp} from "./unit_rewards.js";

/** Evaluate the programs of a group, in their order, by the group's mode. */
export function runGroup(mode, programs, cart, state, report) {
    MODES[mode](programs, cart, state, report);
}

/** Each program in turn, on what the ones before it left. */
export function compound(programs, cart, state, report) {
    for (const program of programs) {
        const proposal = offer(program, cart, state, report);
        if (proposal !== null) {
            grant(program, proposal, state, report);
        }
    }
}

/** The first program that does something; later ones are not even computed. */
export function exclusive(programs, cart, state, report) {
    let taken = false;
    for (const program of programs) {
        if (taken) {
            const reason = firstFailure(program, cart);
            report.reject(program, reason ?? "group_exclusive", reason === null);
            continue;
        }
        const proposal = offer(program, cart, state, report);
        if (proposal !== null) {
            grant(program, proposal, state, report);
            taken = true;
        }
    }
}

/** The largest discount on one state, the first of equals. */
export function best(programs, cart, state, report) {
    const offers = offersOf(programs, cart, state, report);
    if (!offers.length) {
        return;
    }
    const [winner, winning] = offers.reduce((found, other) =>
        other[1].amount > found[1].amount ? other : found
    );
    for (const [program] of offers) {
        if (program !== winner) {
            report.reject(program, "group_worse");
        }
    }
    grant(winner, winning, state, report);
}

/** Each line to the program that gives it most on one state, the first of equals. */
export function bestLine(programs, cart, state, report) {
    const offers = offersOf(programs, cart, state, report);
    const winners = new Map(); // line -> [share, place of the offer]
    offers.forEach(([, proposal], place) => {
        for (const [line, share] of proposal.shares) {
            if (!winners.has(line) || share > winners.get(line)[0]) {
                winners.set(line, [share, place]);
            }
        }
    });
    offers.forEach(([program, proposal], place) => {
        const lines = [...proposal.shares.keys()];
        keepLines(
            proposal,
            lines.filter((line) => winners.get(line)[1] === place)
        );
        if (proposal.shares.size) {
            grant(program, proposal, state, report);
        } else {
            report.reject(program, "group_worse");
        }
    });
}

const MODES = {compound, exclusive, best, best_line: bestLine};

/** Compute a program; report why it does nothing, or return its proposal. */
function offer(program, cart, state, report) {
    const reason = firstFailure(program, cart);
    if (reason !== null) {
        report.reject(program, reason, false);
        return null;
    }
    const proposal = compute(program, cart, state);
    report.hint(program, proposal);
    if (proposal.reason !== null) {
        report.reject(program, proposal.reason);
        return null;
    }
    return proposal;
}

function offersOf(programs, cart, state, report) {
    const offers = [];
    for (const program of programs) {
        const proposal = offer(program, cart, state, report);
        if (proposal !== null) {
            offers.push([program, proposal]);
        }
    }
    return offers;
}

/** Reduce a proposal to the lines it won; it consumes no trigger beyond them. */
function keepLines(proposal, lines) {
    proposal.shares = new Map(lines.map((line) => [line, proposal.shares.get(line)]));
    proposal.amount = sum(proposal.shares.values());
    proposal.units = wholeUnitsUp(sum(lines.map((line) => proposal.quantities.get(line) ?? 0n)));
    proposal.triggerLines = [];
}

function grant(program, proposal, state, report) {
    report.apply(program, proposal);
    if (!proposal.amount) {
        return;
    }
    state.take(program.id, proposal.shares);
    if (!program.stackable) {
        state.close([...proposal.shares.keys()]);
        if (program.consumeTrigger) {
            state.close(proposal.triggerLines);
        }
    }
}
