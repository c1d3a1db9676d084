from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..promo_engine import largest_remainder
from . import promotion_snapshot as snapshot
from .sale_order import HOLD, OPEN_STATES

# What of a line can change the price of its order.
TRIGGERS = frozenset(
    {
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "technical_price_unit",
        "discount",
        "tax_ids",
        "extra_tax_data",
        "display_type",
        "is_downpayment",
        "order_id",
        "name",
        "retail_promotion_id",
        "retail_promotion_version",
        "retail_shares",
        "retail_gift_of_id",
    }
)
# What makes a line a promotion's.
MARKS = ("retail_promotion_id", "retail_promotion_version", "retail_shares", "retail_gift_of_id")
# What makes a promotion line exact: written together, by us only.
OURS = (
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "price_unit",
    "technical_price_unit",
    "discount",
    "tax_ids",
    "name",
    "extra_tax_data",
    *MARKS,
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    retail_promotion_id = fields.Many2one(
        "retail.promotion",
        string="Promotion",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    retail_promotion_version = fields.Integer(readonly=True, copy=False)
    retail_shares = fields.Json(
        readonly=True,
        copy=False,
        help="What a promotion line gives on each line of goods: {line id: minor units}.",
    )
    retail_gift_of_id = fields.Many2one(
        "retail.promotion",
        string="Gift Of",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The promotion that gives this line and takes it to zero.",
    )
    is_promotion_line = fields.Boolean(compute="_compute_is_promotion_line")

    @api.depends("retail_promotion_id")
    def _compute_is_promotion_line(self):
        for line in self:
            line.is_promotion_line = bool(line.retail_promotion_id)

    # === WHEN === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.context.get(HOLD):
            lines.filtered("retail_promotion_id")._retail_promo_check_open()
            lines.filtered(lambda line: not line.reward_id).order_id._retail_promo_apply()
        return lines

    def write(self, vals):
        if self._retail_promo_quiet() or not TRIGGERS & vals.keys():
            return super().write(vals)
        self._retail_promo_check_edit(vals)
        orders = self.filtered(lambda line: not line.reward_id).order_id
        result = super().write(vals)
        (orders | self.filtered(lambda line: not line.reward_id).order_id)._retail_promo_apply()
        return result

    def unlink(self):
        orders = self.env["sale.order"]
        if not self.env.context.get(HOLD):
            orders = self.filtered(lambda line: not line.reward_id).order_id
        result = super().unlink()
        orders.exists()._retail_promo_apply()
        return result

    def _retail_promo_quiet(self):
        """Tell whether a write is no news: somebody evaluates later, or has already.

        Odoo computes prices by writing on the line, in the middle of whatever reads them.
        """
        context = self.env.context
        return context.get(HOLD) or context.get("sale_write_from_compute")

    def _retail_promo_check_edit(self, vals):
        """On a confirmed order nobody evaluates again: our lines stay as they were agreed."""
        for line in self.filtered(lambda line: line.state not in OPEN_STATES):
            names = OURS if line.retail_promotion_id else MARKS
            if line._retail_promo_changes({name: vals[name] for name in names if name in vals}):
                line._retail_promo_check_open()

    def _retail_promo_check_open(self):
        for line in self.filtered(lambda line: line.state not in OPEN_STATES):
            raise UserError(
                self.env._(
                    "%(line)s is the line of a promotion and can't be edited.", line=line.name
                )
            )

    def _retail_promo_changes(self, values):
        """Return those of the values that differ from the line's own."""
        self.ensure_one()
        changes = {}
        for name, value in values.items():
            if name == "tax_ids":
                same = sorted(self.tax_ids.ids) == sorted(value[-1][2] if value else [])
            elif name == "analytic_distribution":
                same = (self[name] or False) == value
            elif self._fields[name].type == "many2one":
                same = self[name].id == value
            else:
                same = self[name] == value
            if not same:
                changes[name] = value
        if {"price_unit", "technical_price_unit"} & changes.keys():
            # Odoo takes a price that differs from the technical one for a manual price.
            for name in ("price_unit", "technical_price_unit"):
                if name in values:
                    changes[name] = values[name]
        return changes

    # === WHAT PROMOTIONS COUNT === #

    def _retail_promo_is_goods(self):
        """Tell whether promotions count the line: real goods and services, sold here."""
        self.ensure_one()
        return bool(
            self.product_id
            and not self.display_type
            and not self.is_downpayment
            and not self.reward_id
            and not self.retail_promotion_id
            and not self._is_delivery()
            and not self._is_discount_line()
        )

    def _retail_promo_amount(self):
        """Return the line's amount as promotions count: with or without tax, no fixed taxes."""
        self.ensure_one()
        if self.company_id.retail_promo_tax_basis == "excluded":
            return self.price_subtotal
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        if not any(tax.amount_type == "fixed" for tax in taxes):
            return self.price_total
        return self.price_total - self._retail_promo_fixed_tax()

    def _retail_promo_fixed_tax(self):
        AccountTax = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation()
        AccountTax._add_tax_details_in_base_line(base_line, self.company_id)
        AccountTax._round_base_lines_tax_details([base_line], self.company_id)
        return sum(
            data["tax_amount_currency"]
            for data in base_line["tax_details"]["taxes_data"]
            if data["tax"].amount_type == "fixed"
        )

    def _retail_promo_line_key(self):
        """Return what makes a promotion line the same one: (promotion id, tax ids)."""
        return self.retail_promotion_id.id, tuple(sorted(self.tax_ids.ids))

    def _retail_promo_shares_with_tax(self):
        """Return {line id: amount with tax} of what this promotion line gives on each line."""
        self.ensure_one()
        shares = self.retail_shares or {}
        total = -snapshot.to_minor(self.currency_id, self.price_total)
        parts = largest_remainder(total, list(shares.values())) if shares else []
        return {
            int(line_id): snapshot.from_minor(self.currency_id, part)
            for line_id, part in zip(shares, parts, strict=True)
        }

    def _retail_promo_spread(self, shares):
        """Return {line: amounts} of what this promotion line gives on each, without and with tax.

        shares: {line: minor units}.
        """
        self.ensure_one()
        return self.env["retail.promotion.application"]._spread(
            shares,
            -self.price_subtotal,
            -self.price_total,
            self.currency_id,
            self.company_id.currency_id,
            self.order_id.currency_rate,
        )

    def _fact_is_goods(self):
        return not self.retail_promotion_id and super()._fact_is_goods()

    def _fact_is_discount(self):
        """Ours say themselves on which goods they lie: nothing is left to be spread."""
        return not self.retail_promotion_id and super()._fact_is_discount()

    # === OURS STAY OURS === #

    def _retail_promo_others(self):
        return self.filtered(lambda line: not line.retail_promotion_id)

    def _retail_promo_bought(self):
        """Return what the customer put on the order: no promotion lines and no gifts."""
        return self.filtered(
            lambda line: not line.retail_promotion_id and not line.retail_gift_of_id
        )

    @api.depends("extra_tax_data")
    def _compute_amount(self):
        # A discount that is one unit more may have one unit more of tax and nothing else.
        return super()._compute_amount()

    def _compute_name(self):
        return super(SaleOrderLine, self._retail_promo_others())._compute_name()

    def _compute_tax_ids(self):
        return super(SaleOrderLine, self._retail_promo_others())._compute_tax_ids()

    def _compute_price_unit(self):
        return super(SaleOrderLine, self._retail_promo_others())._compute_price_unit()

    def _compute_discount(self):
        return super(SaleOrderLine, self._retail_promo_others())._compute_discount()

    def _compute_analytic_distribution(self):
        return super(SaleOrderLine, self._retail_promo_others())._compute_analytic_distribution()

    def _compute_product_updatable(self):
        self.filtered("retail_promotion_id").product_updatable = False
        return super(SaleOrderLine, self._retail_promo_others())._compute_product_updatable()

    def _can_be_invoiced_alone(self):
        return super()._can_be_invoiced_alone() and not self.retail_promotion_id

    def _is_discount_line(self):
        return super()._is_discount_line() or bool(self.retail_promotion_id)

    def _can_be_edited_on_portal(self):
        return super()._can_be_edited_on_portal() and not self.retail_promotion_id

    def _sellable_lines_domain(self):
        return super()._sellable_lines_domain() & Domain("retail_promotion_id", "=", False)
