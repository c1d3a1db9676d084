from odoo import api, fields, models
from odoo.tools import SQL

MONTHS = 12  # made at the first run; later ones make those that are still open


class RetailChurnMonth(models.Model):
    """How many members of a class and store a company lost, won back and saw again in a month.

    Active is who bought within the class's days of silence before the month; lost, of these,
    who had been silent for so long at its end; won back, of the others who had bought before,
    who bought again within it. Classes and home stores are those of today.
    """

    _name = "retail.churn.month"
    _description = "Members Lost and Won Back"
    _order = "month desc, id desc"
    _rec_name = "month"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    class_id = fields.Many2one("retail.customer.class", readonly=True, ondelete="cascade")
    store_id = fields.Many2one(
        "stock.warehouse", string="Home Store", readonly=True, ondelete="cascade"
    )
    new_count = fields.Integer(string="New", readonly=True, help="Bought for the first time.")
    active_count = fields.Integer(string="Active Before", readonly=True)
    lost_count = fields.Integer(string="Lost", readonly=True)
    won_back_count = fields.Integer(string="Won Back", readonly=True)
    buyer_count = fields.Integer(
        string="Buyers in 12 Months", readonly=True, help="Up to the end of the month."
    )
    repeat_count = fields.Integer(
        string="Bought Again", readonly=True, help="Of these, who bought more than once in them."
    )
    churn_rate = fields.Float(
        compute="_compute_churn_rate", help="Lost, of the members that were active before."
    )

    _cell_uniq = models.UniqueIndex(
        "(company_id, month, COALESCE(class_id, 0), COALESCE(store_id, 0))",
        "A month has one row per class and store.",
    )

    repurchase_rate = fields.Float(
        compute="_compute_repurchase_rate",
        help="Of the members who bought in the 12 months to the month's end, who bought again.",
    )

    @api.depends("active_count", "lost_count")
    def _compute_churn_rate(self):
        for row in self:
            row.churn_rate = row.lost_count / row.active_count if row.active_count else 0.0

    @api.depends("buyer_count", "repeat_count")
    def _compute_repurchase_rate(self):
        for row in self:
            row.repurchase_rate = row.repeat_count / row.buyer_count if row.buyer_count else 0.0

    @api.model
    def _refresh(self, months=None):
        """Count the months anew: the last 12 where none was counted, else this and the last."""
        this_month = fields.Date.context_today(self).replace(day=1)
        count = months or (2 if self.sudo().search_count([], limit=1) else MONTHS)
        for back in range(count):
            self._refresh_month(fields.Date.subtract(this_month, months=back))

    def _refresh_month(self, month):
        tomorrow = fields.Date.add(fields.Date.context_today(self), days=1)
        end = min(fields.Date.add(month, months=1), tomorrow)
        purchases = self.env["retail.member.insight"]._purchases_sql(
            fields.Date.subtract(end, days=1)
        )
        self.env.cr.execute(SQL("DELETE FROM retail_churn_month WHERE month = %s", month))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO retail_churn_month (company_id, month, class_id, store_id, new_count,
                       active_count, lost_count, won_back_count, buyer_count, repeat_count,
                       create_uid, create_date, write_uid, write_date)
                SELECT buyer.company_id, %(month)s, member.retail_class_id,
                       member.retail_store_id,
                       count(*) FILTER (WHERE before IS NULL),
                       count(*) FILTER (WHERE before >= %(month)s - days),
                       count(*) FILTER (
                           WHERE before >= %(month)s - days AND last_day < %(end)s - days),
                       count(*) FILTER (
                           WHERE before < %(month)s - days AND last_day >= %(month)s),
                       count(*) FILTER (WHERE year_count > 0),
                       count(*) FILTER (WHERE year_count > 1),
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (
                    SELECT purchase.partner_id, purchase.company_id,
                           max(purchase.day) FILTER (WHERE purchase.day < %(month)s) AS before,
                           max(purchase.day) AS last_day,
                           count(*) FILTER (WHERE purchase.day >= %(year)s) AS year_count,
                           COALESCE(NULLIF(max(purchase.churn_days), 0),
                                    max(company.retail_churn_days)) AS days
                      FROM (%(purchases)s) purchase
                      JOIN res_company company ON company.id = purchase.company_id
                     GROUP BY purchase.partner_id, purchase.company_id
                  ) buyer
                  JOIN res_partner member ON member.id = buyer.partner_id
                 GROUP BY buyer.company_id, member.retail_class_id, member.retail_store_id
                """,
                month=SQL("%s::date", month),
                end=SQL("%s::date", end),
                year=SQL("%s::date", fields.Date.subtract(end, months=12)),
                purchases=purchases,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model(flush=False)
