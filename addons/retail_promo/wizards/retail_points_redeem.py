from odoo import api, fields, models

from ..models.promotion_snapshot import member_of


class RetailPointsRedeem(models.TransientModel):
    _name = "retail.points.redeem"
    _description = "Redeem Points"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True, ondelete="cascade"
    )
    points = fields.Float(related="partner_id.retail_points", string="Points of the Member")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    available_ids = fields.Many2many("retail.points.offer", compute="_compute_available_ids")
    offer_id = fields.Many2one(
        "retail.points.offer",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', available_ids)]",
    )
    offer_points = fields.Integer(related="offer_id.points", string="Costs Points")
    store_id = fields.Many2one(
        "stock.warehouse",
        string="Handed Over In",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        default=lambda self: self.env.user.retail_store_id,
    )

    @api.depends("partner_id", "company_id")
    def _compute_available_ids(self):
        for wizard in self:
            offers = self.env["retail.points.offer"].search(
                [("company_id", "=", wizard.company_id.id)]
            )
            member = member_of(wizard.partner_id)
            wizard.available_ids = offers.filtered(
                lambda offer, member=member: not offer._refusal(member)
            )

    def action_redeem(self):
        """Redeem the offer and say what the member has now."""
        self.ensure_one()
        self.partner_id.check_access("read")
        redemption = self.offer_id._redeem(self.partner_id, self.store_id)
        self.partner_id.invalidate_recordset(["retail_points"])
        text = self.env._(
            "%(offer)s for %(points)s points. The member has %(left)g left.",
            offer=self.offer_id.name,
            points=redemption.points,
            left=self.partner_id.retail_points,
        )
        if redemption.coupon_id:
            # The code is for the member, who stands beside.
            text += " " + self.env._("The coupon: %(code)s", code=redemption.sudo().coupon_id.code)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
