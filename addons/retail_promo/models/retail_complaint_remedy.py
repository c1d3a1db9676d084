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

    @api.depends("points", "kind")
    def _compute_amount(self):
        result = super()._compute_amount()
        for remedy in self.filtered(lambda one: one.kind == "points"):
            remedy.amount = remedy.points * remedy.company_id.retail_points_value
        return result

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
