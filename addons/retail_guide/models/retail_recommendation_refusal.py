from odoo import api, fields, models
from odoo.tools import SQL


class RetailRecommendationRefusal(models.Model):
    """A member doesn't want a product recommended again."""

    _name = "retail.recommendation.refusal"
    _description = "Refused Recommendation"
    _order = "refused_at desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", string="Taken Down By", default=lambda self: self.env.user
    )
    refused_at = fields.Datetime(string="Refused On", default=fields.Datetime.now, required=True)

    _member_product_uniq = models.Constraint(
        "UNIQUE(company_id, partner_id, product_id)",
        "The member has already refused this product.",
    )

    @api.model
    def _refuse(self, company, partner, product_ids, user):
        """Note that ``partner`` refuses the products; twice the same changes nothing."""
        # Plain SQL: a cashier or guide takes down the member's word without a right on the
        # table itself, and two tills may do so at once.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_recommendation_refusal
                       (company_id, partner_id, product_id, user_id, refused_at,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(company)s, %(partner)s, product.id, %(user)s, %(now)s,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM product_product product
                 WHERE product.id = ANY(%(products)s)
                    ON CONFLICT (company_id, partner_id, product_id) DO NOTHING
                """,
                company=company.id,
                partner=partner.id,
                user=user.id,
                now=self.env.cr.now(),
                products=list(product_ids),
            )
        )
        self.invalidate_model()
