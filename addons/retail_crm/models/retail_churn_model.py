from odoo import api, fields, models
from odoo.tools import SQL


class RetailChurnModel(models.Model):
    """The parameters that the purchases of a company gave on a day (``crm_engine.bgnbd``)."""

    _name = "retail.churn.model"
    _description = "Fitted Buying Behaviour"
    _order = "day desc, id desc"
    _rec_name = "day"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    day = fields.Date(required=True, readonly=True)
    buyers = fields.Integer(readonly=True, help="Members who bought.")
    repeaters = fields.Integer(readonly=True, help="Members who bought more than once.")
    r = fields.Float(string="r", digits=(16, 6), readonly=True)
    alpha = fields.Float(digits=(16, 6), readonly=True, help="In weeks.")
    a = fields.Float(string="a", digits=(16, 6), readonly=True)
    b = fields.Float(string="b", digits=(16, 6), readonly=True)

    _company_day_uniq = models.Constraint(
        "UNIQUE(company_id, day)", "A company's buying behaviour is fitted once a day."
    )

    @api.model
    def _file(self, day, fitted):
        """Keep the parameters of a day: {company id: bgnbd.Parameters}; a second run replaces."""
        counts = self.env.execute_query_dict(
            SQL(
                "SELECT company_id, count(*) AS buyers, count(*) FILTER (WHERE purchases > 1)"
                " AS repeaters FROM retail_insight_stage GROUP BY company_id"
            )
        )
        for row in counts:
            model = fitted.get(row["company_id"])
            if not model:
                continue
            values = {**row, "day": day, **model._asdict()}
            kept = self.search([("company_id", "=", row["company_id"]), ("day", "=", day)])
            if kept:
                kept.write(values)
            else:
                self.create(values)
