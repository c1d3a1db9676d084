from odoo import fields, models
from odoo.addons.retail_crm.models.retail_member_figure_mixin import RETAIL_USER
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_refusal_ids = fields.One2many(
        "retail.recommendation.refusal", "partner_id", string="Refused Recommendations"
    )
    retail_favourite_brand_id = fields.Many2one(
        "product.brand",
        string="Favourite Brand",
        compute="_compute_retail_profile",
        groups=RETAIL_USER,
        help="The brand that the member buys most often.",
    )

    def _retail_profile_columns(self):
        return {
            **super()._retail_profile_columns(),
            "brand": SQL("mode() WITHIN GROUP (ORDER BY template.product_brand_id)"),
        }

    def _retail_profile_values(self, row):
        return super()._retail_profile_values(row) | {"retail_favourite_brand_id": row.get("brand")}
