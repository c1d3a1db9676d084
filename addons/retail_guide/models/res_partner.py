from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_refusal_ids = fields.One2many(
        "retail.recommendation.refusal", "partner_id", string="Refused Recommendations"
    )
