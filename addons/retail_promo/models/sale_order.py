from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..promo_engine import InvalidInput, consumption, evaluate
from . import promotion_snapshot as snapshot
from .promotion_tax import discountable_taxes, exact_line

# While this is in the context, saving evaluates nothing: somebody does it once at the end.
HOLD = "retail_promo_hold"
TRIGGERS = frozenset(
    {
        "order_line",
        "partner_id",
        "pricelist_id",
        "fiscal_position_id",
        "currency_id",
        "company_id",
        "date_order",
        "retail_store_id",
        "sale_channel_id",
        "retail_coupon_ids",
    }
)
OPEN_STATES = ("draft", "sent")
AGREED_TRANSACTION_STATES = ("pending", "authorized", "done")
MAX_HINTS = 5  # on the order: nobody reads more


def _distance(hint):
    """Sort hints of one unit with the nearest first."""
    return hint["kind"], hint["missing"]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === WHEN === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super(SaleOrder, self._retail_promo_held()).create(vals_list)
        orders = orders.with_env(self.env)
        orders._retail_promo_apply()
        return orders

    def write(self, vals):
        if self.env.context.get(HOLD) or not self._retail_promo_triggered(vals):
            return super().write(vals)
        result = super(SaleOrder, self._retail_promo_held()).write(vals)
        self._retail_promo_apply()
        return result

    def copy(self, default=None):
        copies = super(SaleOrder, self._retail_promo_held()).copy(default)
        copies = copies.with_env(self.env)
        copies._retail_promo_apply()
        return copies

    def _recompute_prices(self):
        result = super(SaleOrder, self._retail_promo_held())._recompute_prices()
        self._retail_promo_apply()
        return result

    def _recompute_taxes(self):
        result = super(SaleOrder, self._retail_promo_held())._recompute_taxes()
        self._retail_promo_apply()
        return result

    def action_confirm(self):
        moment = self._prepare_confirmation_values().get("date_order")
        open_orders = self.filtered(lambda order: not order._retail_promo_agreed())
        # What is confirmed is evaluated, whatever the caller had put on hold.
        open_orders.with_context(**{HOLD: False})._retail_promo_apply(moment)
        return super().action_confirm()

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            order._retail_promo_record()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["retail.promotion.application"]._cancel(self)
        return result

    def _retail_promo_held(self):
        return self.with_context(**{HOLD: True})

    def _retail_promo_agreed(self):
        """Tell whether the customer signed or paid: the price on the order is the price."""
        self.ensure_one()
        transactions = self.sudo().transaction_ids
        return bool(
            self.signed_on
            or transactions.filtered(lambda tx: tx.state in AGREED_TRANSACTION_STATES)
        )

    def _retail_promo_triggered(self, vals):
        """Tell whether writing vals can change what the promotions give."""
        touched = TRIGGERS & vals.keys()
        if touched != {"order_line"}:
            return bool(touched)
        return any(self._retail_promo_triggering(command) for command in vals["order_line"] or [])

    def _retail_promo_triggering(self, command):
        """Reward lines of stock loyalty change nothing for our promotions."""
        lines = self.env["sale.order.line"]
        if command[0] == Command.CREATE:
            return not command[2].get("reward_id")
        if command[0] in (Command.UPDATE, Command.DELETE, Command.UNLINK):
            return not lines.browse(command[1]).reward_id
        return True

    # === WHAT === #

    def _retail_promo_apply(self, moment=None):
        """Make the promotion lines what the engine says, in one write, or none.

        Only quotations; confirmed and locked orders keep what was agreed.
        moment: naive UTC; the order's own date when absent.
        """
        if self.env.context.get(HOLD):
            return
        for order in self:
            if order.state in OPEN_STATES and not order.locked:
                order._retail_promo_apply_one(moment)

    def _retail_promo_apply_one(self, moment):
        outcome = self._retail_promo_outcome(moment)
        if self._retail_promo_set_gifts(outcome):
            outcome = self._retail_promo_outcome(moment)
        values = {}
        applied = outcome["applied"] if outcome else []
        versions = {entry["program"]: entry["version"] for entry in applied}
        commands = self._retail_promo_commands(self._retail_promo_wanted(outcome), versions)
        if commands:
            values["order_line"] = commands
        hints = sorted(outcome["hints"] if outcome else [], key=_distance)[:MAX_HINTS]
        if hints != (self.retail_promo_hints or []):
            values["retail_promo_hints"] = hints
        taken = consumption(outcome) if outcome else []
        if taken != (self.retail_promo_taken or []):
            values["retail_promo_taken"] = taken
        points = {str(entry["program"]): entry["points"] for entry in applied if "points" in entry}
        if points != (self.retail_promo_points or {}):
            values["retail_promo_points"] = points
        if values:
            self._retail_promo_held().write(values)

    def _retail_promo_outcome(self, moment=None, explain=False):
        """Return the engine's outcome for the order, None when there is nothing to evaluate."""
        self.ensure_one()
        company = self.company_id
        if not company.retail_promo_on_orders or self.sudo().sale_channel_id.retail_promo_off:
            return None
        index = self.env["retail.promotion"]._engine_index(company.id)
        if not index.programs:
            return None
        cart = self._retail_promo_cart(moment)
        if not cart["lines"] and not explain:
            return None
        try:
            outcome = evaluate(cart, index, explain=explain)
        except InvalidInput as error:
            raise UserError(
                self.env._("Promotions can't be evaluated: %(reason)s.", reason=error)
            ) from error
        snapshot.name_steps(outcome["hints"], cart, index)
        self._retail_promo_free_delivery(outcome)
        return outcome

    def _retail_promo_goods(self):
        """Return the lines that promotions count, in the order's order."""
        goods = self.order_line.filtered(lambda line: line._retail_promo_is_goods())
        # Who buys a gift card or loads a wallet changes money, at its full value.
        money = self._fact_payment_products(goods.product_id)
        goods = goods.filtered(lambda line: line.product_id not in money)
        return goods.sorted(lambda line: (line.sequence, line.id))

    def _retail_promo_wanted(self, outcome):
        """Return {(promotion id, tax ids): {line id as text: minor units}}, in order."""
        wanted = {}
        if not outcome:
            return wanted
        taxes_of = {}
        prefetch = self.order_line.ids
        order = {entry["program"]: place for place, entry in enumerate(outcome["applied"])}
        for line in outcome["lines"]:
            for discount in line["discounts"]:
                taxes = taxes_of.get(line["id"])
                if taxes is None:
                    record = self.order_line.browse(line["id"]).with_prefetch(prefetch)
                    taxes = tuple(sorted(discountable_taxes(record.tax_ids).ids))
                    taxes_of[line["id"]] = taxes
                shares = wanted.setdefault((discount["program"], taxes), {})
                shares[str(line["id"])] = discount["amount"]
        return dict(sorted(wanted.items(), key=lambda item: order[item[0][0]]))

    def _retail_promo_commands(self, wanted, versions):
        """Return the fewest line commands that turn our present lines into the wanted ones."""
        present = {}
        commands = []
        for line in self.order_line.filtered("retail_promotion_id"):
            key = line._retail_promo_line_key()
            if key in present or key not in wanted:
                commands.append(Command.delete(line.id))
            else:
                present[key] = line
        place = self._retail_promo_sequence() if wanted else None
        # Who sells needs no right on promotions or on their products. All at once: one read.
        promotions = self.env["retail.promotion"].sudo().browse(list(versions))
        for (promotion_id, tax_ids), shares in wanted.items():
            promotion = promotions.browse(promotion_id).with_prefetch(promotions.ids)
            values = self._retail_promo_line_values(promotion, tax_ids, shares)
            values["retail_promotion_version"] = versions[promotion_id]
            line = present.get((promotion_id, tax_ids))
            if line is None:
                commands.append(Command.create({**values, "sequence": place["sequence"]}))
                continue
            changed = line._retail_promo_changes(values)
            if not place["holds"](line.sequence):
                changed["sequence"] = place["sequence"]
            if changed:
                commands.append(Command.update(line.id, changed))
        return commands

    def _retail_promo_sequence(self):
        """Return where our lines go: beneath the goods, but in no section.

        A section takes all lines that follow it, so our lines stand before the first one.
        """
        others = self.order_line.filtered(
            lambda line: not line.retail_promotion_id and not line.reward_id
        )
        sections = others.filtered(
            lambda line: line.display_type in ("line_section", "line_subsection")
        )
        if sections:
            first = min(sections.mapped("sequence"))
            return {"sequence": first - 1, "holds": lambda sequence: sequence < first}
        last = max(others.mapped("sequence"), default=0)
        return {"sequence": last + 1, "holds": lambda sequence: sequence > last}

    def _retail_promo_line_values(self, promotion, tax_ids, shares):
        """Return the full values of one promotion line."""
        product = promotion.discount_product_id
        taxes = self.env["account.tax"].browse(tax_ids)
        basis = self.company_id.retail_promo_tax_basis
        amount = snapshot.from_minor(self.currency_id, sum(shares.values()))
        price_unit, extra_tax_data = exact_line(
            taxes,
            amount,
            basis,
            self.company_id,
            self.currency_id,
            self.currency_rate,
            key=f"retail_promo,{promotion.id}",
        )
        return {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "name": promotion.with_context(lang=self._get_lang()).name,
            "product_uom_qty": 1.0,
            "price_unit": price_unit,
            "technical_price_unit": price_unit,
            "discount": 0.0,
            "tax_ids": [Command.set(tax_ids)],
            "extra_tax_data": extra_tax_data,
            "analytic_distribution": promotion.analytic_distribution or False,
            "customer_lead": 0.0,
            "retail_promotion_id": promotion.id,
            "retail_shares": shares,
        }

    # === OTHER ADDONS === #

    def _get_update_prices_lines(self):
        return (
            super()._get_update_prices_lines().filtered(lambda line: not line.retail_promotion_id)
        )

    def _get_copiable_order_lines(self):
        return super()._get_copiable_order_lines()._retail_promo_bought()

    def _get_invoiceable_lines(self, final=False):
        """A discount is invoiced with goods; alone only what is taken back of it or owed."""
        lines = super()._get_invoiceable_lines(final)
        goods = lines.filtered(lambda line: not line.display_type and not line.retail_promotion_id)
        if goods:
            return lines
        return lines.filtered(
            lambda line: (
                not line.retail_promotion_id
                or line._retail_promo_takes_back()
                or (final and line._retail_promo_owed())
            )
        )
