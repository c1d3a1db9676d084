import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

/**
 * Units of each gift to begin with: what is on the order, else the first that stock has.
 * @param {number} units that may be given
 * @param {Array} options [{id, chosen, left}] in the order of the promotion; left: units in
 *   stock, null where stock isn't counted
 * @returns {Object} units by product
 */
export function firstChoice(units, options) {
    const given = options.some(({ chosen }) => chosen);
    let open = units;
    return Object.fromEntries(
        options.map(({ id, chosen, left }) => {
            const taken = Math.min(open, given ? chosen : (left ?? open));
            open -= taken;
            return [id, taken];
        })
    );
}

/** Chooses gifts: from each promotion's list, as many as may be given and stock has. */
export class GiftDialog extends Component {
    static template = "pos_retail_promo.GiftDialog";
    static components = { Dialog };
    static props = {
        entries: Array, // [{program, name, units, options: [{id, name, chosen, left}]}]
        getPayload: Function, // gets {program: {product: units}}
        close: Function,
    };

    setup() {
        this.state = useState(
            Object.fromEntries(
                this.props.entries.map(({ program, units, options }) => [
                    program,
                    firstChoice(units, options),
                ])
            )
        );
    }

    open({ program, units }) {
        return units - Object.values(this.state[program]).reduce((sum, qty) => sum + qty, 0);
    }

    openText(entry) {
        return _t("%(open)s of %(units)s to choose", { open: this.open(entry), units: entry.units });
    }

    isOut({ left }) {
        return left === 0;
    }

    canAdd(entry, option) {
        const had = this.state[entry.program][option.id];
        // Where there is one gift, another choice takes the place of the first.
        const swaps = entry.units === 1 && !had;
        return (option.left ?? Infinity) > had && (this.open(entry) > 0 || swaps);
    }

    add(entry, option) {
        const chosen = this.state[entry.program];
        if (!this.open(entry)) {
            Object.keys(chosen).forEach((id) => (chosen[id] = 0));
        }
        chosen[option.id] += 1;
    }

    remove(entry, option) {
        this.state[entry.program][option.id] -= 1;
    }

    stockText({ left }) {
        if (left === null) {
            return "";
        }
        return left ? _t("%s in stock", left) : _t("Out of stock: choose another one");
    }

    confirm() {
        this.answer(JSON.parse(JSON.stringify(this.state)));
    }

    refuse() {
        const none = ({ options }) => Object.fromEntries(options.map(({ id }) => [id, 0]));
        this.answer(
            Object.fromEntries(this.props.entries.map((entry) => [entry.program, none(entry)]))
        );
    }

    answer(chosen) {
        this.props.getPayload(chosen);
        this.props.close();
    }
}
