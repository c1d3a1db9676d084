/** Gifts of an order: what may be given, what stock has of it, and the lines that carry them. */
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { GiftDialog } from "@pos_retail_promo/app/components/gift_dialog/gift_dialog";
import { giftOf } from "./cart";

export class TillGifts {
    constructor(pos, applier) {
        this.pos = pos;
        this.applier = applier;
    }

    /** Gift lines of a promotion on an order. */
    linesOf(order, program) {
        return order.lines.filter((line) => giftOf(line) === program);
    }

    /**
     * Take gifts off that the order doesn't earn any more.
     * @param {Array} due see evaluateSale
     * @returns {boolean} whether a line was changed
     */
    fit(order, due) {
        const left = new Map(due.map(({ program, units }) => [program, units]));
        let changed = false;
        for (const line of order.lines.filter((line) => giftOf(line))) {
            const qty = Math.min(line.qty, left.get(giftOf(line)) || 0);
            left.set(giftOf(line), (left.get(giftOf(line)) || 0) - qty);
            if (qty < line.qty) {
                changed = true;
                this.setQty(order, line, qty);
            }
        }
        return changed;
    }

    setQty(order, line, qty) {
        if (qty > 0) {
            line.qty = qty;
            return;
        }
        const selected = order.getSelectedOrderline() === line;
        line.delete();
        if (selected) {
            order.selectOrderline(order.getLastOrderline());
        }
    }

    /** Whether more gifts may be given than are on the order. */
    isOpen(order) {
        return order.uiState.retailGifts.some(({ units, chosen }) => chosen < units);
    }

    /**
     * Before an order is paid: ask for gifts that aren't chosen, once for each number of them.
     * @returns {Promise<boolean>} whether to go on
     */
    async askOnce(order) {
        this.applier.flush();
        if (order.isRefund || order.finalized || !this.isOpen(order)) {
            return true;
        }
        const units = Object.fromEntries(
            order.uiState.retailGifts.map(({ program, units }) => [program, units])
        );
        const asked = order.uiState.retailGiftsAsked;
        if (Object.keys(units).every((program) => asked[program] === units[program])) {
            return true;
        }
        const answered = await this.choose(order);
        if (answered) {
            order.uiState.retailGiftsAsked = units;
        }
        return answered;
    }

    /**
     * Let the cashier choose the gifts of an order.
     * @returns {Promise<boolean>} whether there was an answer, also that none is wanted
     */
    async choose(order) {
        const stock = await this.applier.limits.ask("retail_promo_gift_stock");
        const entries = this.entriesOf(order, stock);
        const answer = await makeAwaitable(this.pos.dialog, GiftDialog, { entries });
        if (!answer) {
            return false;
        }
        const selected = order.getSelectedOrderline();
        for (const { program, options } of entries) {
            for (const { id } of options) {
                await this.give(order, program, id, answer[program][id]);
            }
        }
        this.applier.flush();
        // What is typed next is meant for the line that was chosen before.
        this.pos.numberBuffer.reset();
        order.selectOrderline(order.lines.includes(selected) ? selected : order.getLastOrderline());
        return true;
    }

    /** What the chooser shows: a promotion each, with its gifts and what stock has of them. */
    entriesOf(order, stock) {
        return order.uiState.retailGifts
            .map(({ program, units, options }) => ({
                program,
                units,
                promotion: this.pos.models["retail.promotion"].get(program),
                options: options.map((id) => this.pos.models["product.product"].get(id)),
            }))
            .filter(({ promotion }) => promotion)
            .map(({ program, units, promotion, options }) => ({
                program,
                units,
                name: promotion.name,
                options: options
                    .filter((product) => product)
                    .map((product) => ({
                        id: product.id,
                        name: product.display_name,
                        chosen: this.chosen(order, program, product),
                        left: this.left(order, program, product, stock || promotion._gift_stock),
                    })),
            }));
    }

    chosen(order, program, product) {
        return this.linesOf(order, program)
            .filter((line) => line.product_id.id === product.id)
            .reduce((sum, line) => sum + line.qty, 0);
    }

    /** Units of a product that a promotion may give: not those that this till has sold since. */
    left(order, program, product, stock) {
        const free = stock?.[product.id] ?? null;
        if (free === null) {
            return null;
        }
        const elsewhere = this.pos.models["pos.order"]
            .filter((other) => other.uuid === order.uuid || (other.finalized && !other.isSynced))
            .flatMap((other) => [...other.lines])
            .filter((line) => line.product_id.id === product.id)
            .filter((line) => line.order_id.uuid !== order.uuid || giftOf(line) !== program)
            .reduce((sum, line) => sum + line.qty, 0);
        return Math.max(0, Math.floor(free - elsewhere));
    }

    /** Make so many units of a product a gift of a promotion. */
    async give(order, program, productId, qty) {
        const lines = this.linesOf(order, program).filter(
            (line) => line.product_id.id === productId
        );
        if (lines.length) {
            lines.forEach((line, index) => this.setQty(order, line, index ? 0 : qty));
            return;
        }
        const product = this.pos.models["product.product"].get(productId);
        const template = product.product_tmpl_id;
        if (qty) {
            const values = {
                product_id: product,
                product_tmpl_id: template,
                qty,
                retail_gift_of_id: this.pos.models["retail.promotion"].get(program),
            };
            // Lots are asked for; which variant it is stands in the promotion.
            const asks = template.isTracked() && !template.isConfigurable();
            await this.pos.addLineToOrder(values, order, {}, asks);
        }
    }
}
