/**
 * What is left of the cart between two programs.
 *
 * Twin: promo_engine/state.py
 */

import {greater, sum} from "./money.js";

/** Open lines: positions in cart order, remaining amounts in minor, and their sum. */
export class View {
    constructor(lines, weights) {
        this.lines = lines;
        this.weights = weights;
        this.amount = sum(weights);
        this.runs = null; // see runsOf in units.js
    }
}

/** Remaining amount and openness of every line, and the discounts given so far. */
export class State {
    constructor(cart) {
        this.lines = cart.lines;
        this.remaining = cart.lines.map((line) => line.amount);
        // What a line may still lose before it is at its floor.
        this.room = cart.lines.map((line) => greater(0n, line.amount - line.floor));
        this.discounts = cart.lines.map(() => []);
        this._open = cart.lines.map((line) => line.counts);
        this._directory = cart.directory;
        this._views = new Map(); // of the present state only
    }

    /** Return the set's open lines, gift lines left out. */
    view(productSet) {
        let view = this._views.get(productSet);
        if (view === undefined) {
            view = this.viewOf(this._directory.find(productSet).filter((line) => this._open[line]));
            this._views.set(productSet, view);
        }
        return view;
    }

    /** Return a view of open lines chosen by the caller. */
    viewOf(lines) {
        return new View(
            lines,
            lines.map((line) => this.remaining[line])
        );
    }

    isOpen(line) {
        return this._open[line];
    }

    /** Return the quantity of lines in thousandths, weighed ones too. */
    quantity(lines) {
        return sum(lines.map((line) => this.lines[line].qty));
    }

    /** Return how many units the lines of whole quantity have. */
    wholeUnits(lines) {
        return sum(lines.map((line) => this.lines[line].units));
    }

    /** Lower the remaining amounts by the shares (Map, all > 0). */
    take(programId, shares) {
        for (const [line, share] of shares) {
            this.remaining[line] -= share;
            this.room[line] -= share;
            this.discounts[line].push({program: programId, amount: share});
            if (!this.remaining[line]) {
                this._open[line] = false;
            }
        }
        this._views.clear();
    }

    /** Let no later program count or discount these lines. */
    close(lines) {
        for (const line of lines) {
            this._open[line] = false;
        }
        this._views.clear();
    }
}
