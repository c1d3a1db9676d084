from odoo import api, fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.promo_engine import largest_remainder


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    retail_promotion_id = fields.Many2one(
        "retail.promotion",
        string="Promotion",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
    )
    retail_promotion_version = fields.Integer(readonly=True)
    retail_gift_of_id = fields.Many2one(
        "retail.promotion",
        string="Gift of",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        help="The promotion that gives this line away.",
    )
    retail_shares = fields.Json(
        readonly=True,
        help="What a promotion line gives on each line of goods: {line uuid: minor units}; "
        "below zero for what a refund takes back.",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "retail_promotion_id",
            "retail_promotion_version",
            "retail_gift_of_id",
            "retail_shares",
        ]

    # === EXACT AMOUNTS === #

    def _prepare_base_line_for_taxes_computation(self):
        """Keep the exact amounts where stock turns the sign of a refund's quantity.

        The till stores them with the quantity of the line; stock's own method turns quantities
        of refunds and then finds that the stored ones are of another quantity.

        Stock takes whatever has a negative amount for a refund. A discount is part of the sale:
        its tax stands in the grids of the sale, as on the invoice of the same order; what is
        taken back is part of the refund, also in an exchange.
        """
        base_line = super()._prepare_base_line_for_taxes_computation()
        if self.retail_shares:
            base_line["is_refund"] = self.qty < 0
        elif self._retail_promo_booked():
            base_line["is_refund"] = base_line["sign"] == 1
        if self.retail_shares and base_line["quantity"] != self.qty:
            taxes = self.env["account.tax"]
            turned = taxes._reverse_quantity_base_line_extra_tax_data(self.extra_tax_data)
            base_line.update(taxes._import_base_line_extra_tax_data(base_line, turned))
        return base_line

    def _compute_amount_line_all(self):
        if not self.retail_shares:
            return super()._compute_amount_line_all()
        taxes = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation()
        taxes._add_tax_details_in_base_line(base_line, self.order_id.company_id)
        taxes._round_base_lines_tax_details([base_line], self.order_id.company_id)
        sign = 1 if base_line["quantity"] == self.qty else -1
        details = base_line["tax_details"]
        return {
            "price_subtotal_incl": sign * details["total_included_currency"],
            "price_subtotal": sign * details["total_excluded_currency"],
        }

    # === LEDGER === #

    def _retail_promo_booked(self):
        """Return the promotion whose discount the line books, settled orders' lines too."""
        # Who sells needs no right on orders.
        return self.retail_promotion_id or self.sudo().sale_order_line_id.retail_promotion_id

    def _retail_promo_ledger_values(self):
        """Return what journal items of the line carry besides amounts."""
        # Cashiers need no right on promotions.
        promotion = self._retail_promo_booked().sudo()
        if not promotion:
            return {}
        return {
            "retail_promotion_id": promotion.id,
            "analytic_distribution": promotion.analytic_distribution or False,
        }

    def _retail_promo_spread(self, shares):
        """Return {line: amounts} of what this promotion line gives on each, without and with tax.

        shares: {line: minor units}, below zero for what a refund takes back.
        """
        self.ensure_one()
        order = self.order_id
        # Tills and the server give the amounts of refunds different signs.
        sign = -1 if sum(shares.values()) < 0 else 1
        return self.env["retail.promotion.application"]._spread(
            shares,
            sign * abs(self.price_subtotal),
            sign * abs(self.price_subtotal_incl),
            order.currency_id,
            order.company_id.currency_id,
            order.currency_rate,
        )

    # === WHAT PROMOTIONS COUNT === #

    def _retail_promo_is_goods(self):
        """Tell whether the line is goods sold here; see ``_retail_promo_goods`` of the order."""
        self.ensure_one()
        config = self.order_id.config_id
        not_goods = config.tip_product_id
        if "discount_product_id" in config._fields:
            not_goods |= config.discount_product_id
        return not (
            self.retail_shares
            or self.is_reward_line
            or self.sale_order_origin_id
            or self.product_id in not_goods
        )

    def _retail_promo_shares_with_tax(self):
        """Return {uuid of a line of goods: amount with tax} of what this line gives on it."""
        self.ensure_one()
        currency = self.order_id.currency_id
        shares = self.retail_shares or {}
        given = sum(shares.values())
        total = abs(snapshot.to_minor(currency, self.price_subtotal_incl))
        parts = shares.values()
        if abs(given) != total and given:
            weights = [abs(share) for share in shares.values()]
            sign = 1 if given > 0 else -1
            parts = [sign * part for part in largest_remainder(total, weights)]
        return {
            uuid: snapshot.from_minor(currency, part)
            for uuid, part in zip(shares, parts, strict=True)
        }

    # === SOLD LINES === #
    # These hooks are pos_retail_crm's where it is installed; this bridge doesn't need it.

    def _fact_is_goods(self):
        below = getattr(super(), "_fact_is_goods", None)
        return not self.retail_shares and (below() if below else True)

    def _fact_is_discount(self):
        """Ours say themselves on which goods they lie: nothing is left to be spread."""
        below = getattr(super(), "_fact_is_discount", None)
        return not self.retail_shares and (below() if below else False)
