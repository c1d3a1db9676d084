from odoo import fields, models


class RetailPromotionVersion(models.Model):
    """The rules of a promotion as they once were, in the engine's form.

    Documents name the version they were made with, so that a refund or a late till order
    is judged by the rules that held then.
    """

    _name = "retail.promotion.version"
    _description = "Promotion Version"
    _order = "promotion_id, version desc"
    _rec_name = "version"

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="promotion_id.company_id")
    version = fields.Integer(required=True)
    program = fields.Json(required=True)

    _version_uniq = models.Constraint(
        "UNIQUE(promotion_id, version)", "A version of a promotion is kept once."
    )
