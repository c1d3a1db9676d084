/**
 * What one program would do to the cart in its present state.
 *
 * Twin: promo_engine/proposal.py
 */

/** What is missing to a threshold or the next step: minor units, or thousandths. */
export class Hint {
    constructor(kind, missing) {
        this.kind = kind; // "amount" or "qty"
        this.missing = missing;
    }
}

/** All that a reward looks at. `unitLimit` in units, null when there is none. */
export class Scene {
    constructor(program, cart, state, trigger, target, unitLimit) {
        this.program = program;
        this.cart = cart;
        this.state = state;
        this.trigger = trigger;
        this.target = target;
        this.unitLimit = unitLimit;
    }
}

/**
 * The outcome of computing a program; it does something unless it has a reason.
 *
 * `shares`: discount by line position (Map), all > 0 once settled; `quantities`: thousandths
 * taken by line (fixed price only); `gifts`, `points`, `delivery`: as in the outcome.
 */
export class Proposal {
    constructor({shares = new Map(), units = 0n, hint = null, reason = null} = {}) {
        this.shares = shares;
        this.amount = 0n;
        this.units = units;
        this.hint = hint;
        this.reason = reason;
        this.quantities = new Map();
        this.points = null;
        this.gifts = null;
        this.delivery = false;
        this.triggerLines = [];
    }

    /** Tell whether the program does something even without a discount. */
    givesNoMoney() {
        return this.points !== null || this.gifts !== null || this.delivery;
    }
}

/** Return the proposal of a program that does nothing. */
export function refused(reason, hint = null) {
    return new Proposal({reason, hint});
}
