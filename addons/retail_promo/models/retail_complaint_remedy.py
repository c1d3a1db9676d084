from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailComplaintRemedy(models.Model):
    """Coupons and points as remedies of a complaint."""

    _inherit = "retail.complaint.remedy"

    kind = fields.Selection(
        selection_add=[("coupon", "Coupon"), ("points", "Points")],
        ondelete={"coupon": "cascade", "points": "cascade"},
    )
    promotion_id = fields.Many2one(
        "retail.promotion",
        domain="[('needs_coupon', '=', True), ('company_id', '=', company_id),"
        " ('state', 'in', ('published', 'running'))]",
        help="What the coupon is good for.",
    )
    points = fields.Integer(help="So many points the customer gets.")

    @api.model
    def _selection_document(self):
        names = ["loyalty.card", "retail.points.move"]
        found = self.env["ir.model"].sudo().search([("model", "in", names)])
        return super()._selection_document() + [(one.model, one.name) for one in found]

    @api.depends("points")
    def _compute_amount(self):
        return super()._compute_amount()

    def _worth(self):
        if self.kind == "points":
            return self.points * self.company_id.retail_points_value
        return super()._worth()

    def _follows_goods(self, invoice_line):
        return bool(invoice_line.retail_promotion_id) or super()._follows_goods(invoice_line)

    def _refundable_amount(self):
        """Goods that come back take what their promotions gave along, as the kept ones say."""
        gross = super()._refundable_amount()
        order = self.ticket_id.sale_order_id.sudo()
        if not order.retail_promo_sale:
            return gross
        credited = {}
        for line, quantity in self._refund_plan().items():
            for sold in line.sale_line_ids:
                units = line.product_uom_id._compute_quantity(quantity, sold.product_uom_id)
                credited[sold] = credited.get(sold, 0) + units
        taken_back = order.currency_id._convert(
            order._retail_promo_taken_back(credited),
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )
        return max(0, self.company_id.currency_id.round(gross - taken_back))

    def write(self, vals):
        if vals.keys() & {"promotion_id", "points"}:
            self._check_draft()
        return super().write(vals)

    def _check_possible(self):
        result = super()._check_possible()
        if self.kind == "coupon" and not self.promotion_id:
            raise UserError(self.env._("Choose the promotion that the coupon is good for."))
        if self.kind == "coupon" and not self.amount:
            raise UserError(self.env._("Say what the coupon is worth: it is approved by that."))
        if self.kind == "points" and self.points <= 0:
            raise UserError(self.env._("Say how many points."))
        return result

    def _make_coupon(self):
        card = self.promotion_id._issue_coupon(
            self.partner_id, self.ticket_id, store=self.retail_store_id
        )
        self.document = f"loyalty.card,{card.id}"

    def _make_points(self):
        member = self.partner_id.with_company(self.company_id)
        move = member._retail_points(
            self.points,
            self.ticket_id,
            self.note or self.ticket_id.display_name,
            document=f"{self._name},{self.id}",
        )
        self.document = f"retail.points.move,{move.id}"
