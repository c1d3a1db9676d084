from odoo import api, fields, models
from odoo.tools import SQL

from .retail_member_rows import merge_rows

LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("top", "Top")]
VALUES = (
    "first_day",
    "last_day",
    "order_count",
    "amount",
    "average",
    "year_count",
    "year_amount",
    "spend_level",
)


class RetailMemberFigure(models.Model):
    """What a member bought in a company: one row, derived from ``retail.sale.fact``.

    Written by one SQL statement, at once for those who just bought and nightly for all; never
    on ``res.partner``, whose write date drives what the tills load. The member is the
    commercial partner, as on the sold lines: contacts of a company share its row.
    """

    _name = "retail.member.figure"
    _description = "Member Figure"
    _rec_name = "partner_id"
    _order = "last_day desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    first_day = fields.Date(string="First Purchase", readonly=True)
    last_day = fields.Date(string="Last Purchase", readonly=True)
    order_count = fields.Integer(
        string="Purchases", readonly=True, help="Orders and receipts with goods sold."
    )
    amount = fields.Monetary(
        string="Spent", readonly=True, help="Tax included, after discounts and refunds."
    )
    average = fields.Monetary(
        string="Average Purchase",
        readonly=True,
        aggregator="avg",
        help="What was spent, by purchase.",
    )
    year_count = fields.Integer(string="Purchases in 12 Months", readonly=True)
    year_amount = fields.Monetary(string="Spent in 12 Months", readonly=True)
    spend_level = fields.Selection(
        LEVELS,
        readonly=True,
        index=True,
        help="By what was spent in the last 12 months; the steps are in the settings.",
    )

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A member has one row of figures per company."
    )

    # === REFRESH === #

    @api.model
    def _cron_refresh(self):
        self._refresh()

    @api.model
    def _refresh(self, partner_ids=None):
        """Make the figures agree with the sold lines, in one statement; return changed rows.

        ``partner_ids`` limits it to these commercial partners; all members without it. Rows
        that are right already are not written.
        """
        if partner_ids is not None and not partner_ids:
            return 0
        ((changed,),) = self.env.execute_query(self._refresh_sql(partner_ids))
        if changed:
            self.invalidate_model(flush=False)
            self.env["res.partner"].invalidate_model(
                self.env["res.partner"]._retail_figure_fields(), flush=False
            )
        return changed

    def _refresh_sql(self, partner_ids):
        self.env["res.partner"].flush_model(["is_member", "commercial_partner_id"])
        self.env["res.company"].flush_model(
            ["retail_spend_medium", "retail_spend_high", "retail_spend_top"]
        )
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("partner_id = ANY(%s)", sorted(partner_ids))
        return merge_rows(self, VALUES, self._figures_sql(among), among)

    def _figures_sql(self, among):
        """Return the query of all figures: lines to purchases, purchases to members.

        Two steps of hashing need no sort, which counting distinct purchases would.
        """
        since = fields.Date.subtract(fields.Date.today(), months=12)
        return SQL(
            """
            SELECT sums.partner_id, sums.company_id, first_day, last_day, order_count, amount,
                   CASE WHEN order_count > 0 THEN round(
                        amount / order_count, currency.decimal_places) END AS average,
                   year_count, year_amount,
                   CASE WHEN year_amount >= company.retail_spend_top THEN 'top'
                        WHEN year_amount >= company.retail_spend_high THEN 'high'
                        WHEN year_amount >= company.retail_spend_medium THEN 'medium'
                        ELSE 'low' END AS spend_level
              FROM (
                SELECT partner_id, company_id,
                       min(first_day) AS first_day, max(last_day) AS last_day,
                       count(last_day)::int AS order_count, sum(amount) AS amount,
                       count(last_day) FILTER (WHERE last_day >= %(since)s)::int AS year_count,
                       COALESCE(sum(year_amount), 0) AS year_amount
                  FROM (
                    SELECT partner_id, company_id, basket,
                           min(day) FILTER (WHERE event = 'sold') AS first_day,
                           max(day) FILTER (WHERE event = 'sold') AS last_day,
                           COALESCE(sum(total_company), 0) AS amount,
                           sum(total_company) FILTER (WHERE day >= %(since)s) AS year_amount
                      FROM retail_sale_fact
                     WHERE partner_id IS NOT NULL AND %(among)s
                     GROUP BY partner_id, company_id, basket
                  ) purchases
                 GROUP BY partner_id, company_id
              ) sums
              JOIN res_company company ON company.id = sums.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
             WHERE sums.partner_id IN (
                SELECT commercial_partner_id FROM res_partner WHERE is_member)
            """,
            since=since,
            among=among,
        )
