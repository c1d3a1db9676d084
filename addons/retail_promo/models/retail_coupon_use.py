from odoo import fields, models


class RetailCouponUse(models.Model):
    """One use of a code that many may use, or a till's claim to one for some minutes."""

    _name = "retail.coupon.use"
    _description = "Use of a Shared Code"
    _order = "id desc"
    _rec_name = "document_name"

    card_id = fields.Many2one(
        "loyalty.card", string="Code", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    promotion_id = fields.Many2one(
        related="card_id.retail_promotion_id", store=True, index="btree_not_null"
    )
    batch_id = fields.Many2one(
        related="card_id.retail_batch_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="promotion_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    used_at = fields.Datetime(string="Used On", readonly=True)
    document = fields.Char(
        required=True, readonly=True, index=True, help="Model and number of the sale that used it."
    )
    document_name = fields.Char(string="Used At Order", readonly=True)
    held_until = fields.Datetime(readonly=True, help="An open till order wants to use it so long.")

    _once = models.Constraint("UNIQUE(card_id, document)", "A sale uses a code once.")
