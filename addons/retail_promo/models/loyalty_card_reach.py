"""Which cards a salesman reads: of members in reach, and what is on an order that they see.

Codes of gift cards and coupons that nobody owns are as good as money: only who was given a code
gets to its card, see `sale.order._try_apply_code`.
"""

from odoo import api, fields, models
from odoo.fields import Domain


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    retail_applied_order_ids = fields.Many2many(
        "sale.order", string="Orders With Its Code", readonly=True
    )
    retail_order_ids = fields.Many2many(
        "sale.order", "retail_sale_order_coupon_rel", "card_id", "order_id",
        string="Orders With the Coupon", readonly=True,
    )  # fmt: skip
    retail_point_ids = fields.One2many("sale.order.coupon.points", "coupon_id", readonly=True)
    # Asked by record rules, on cards and on what shows them.
    retail_on_order = fields.Boolean(
        compute="_compute_retail_on_order",
        search="_search_retail_on_order",
        groups="base.group_system",
    )

    @api.depends_context("uid")
    @api.depends(
        "order_id.user_id",
        "retail_applied_order_ids.user_id",
        "retail_order_ids.user_id",
        "retail_point_ids.order_id.user_id",
    )
    def _compute_retail_on_order(self):
        # Rules ask it past the rules, and of archived cards, too.
        everything = self.sudo().with_context(active_test=False)
        found = everything.search(Domain("id", "in", self.ids) & self._retail_order_domain())
        seen = set(found.ids)
        for card in self:
            card.retail_on_order = card._origin.id in seen

    @api.model
    def _search_retail_on_order(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._retail_order_domain()
        return domain if True in value else ~domain

    @api.model
    def _retail_order_domain(self):
        """Return the domain of the cards on orders that the user sees."""
        # The user's rules on orders decide, also where a rule on cards is asked past them.
        orders = self.env["sale.order"].sudo(False)._search([])
        paths = ("order_id", "retail_applied_order_ids", "retail_order_ids")
        seen = Domain.OR(Domain(path, "any!", Domain("id", "in", orders)) for path in paths)
        return seen | Domain("retail_point_ids", "any!", Domain("order_id", "in", orders))
