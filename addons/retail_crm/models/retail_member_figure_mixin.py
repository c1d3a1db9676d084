from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .retail_member_figure import LEVELS

RETAIL_USER = "retail_crm.group_retail_user"
# Field of the partner -> column of the figure.
FIGURES = {
    "retail_first_purchase": "first_day",
    "retail_last_purchase": "last_day",
    "retail_order_count": "order_count",
    "retail_spent": "amount",
    "retail_average": "average",
    "retail_year_count": "year_count",
    "retail_year_spent": "year_amount",
    "retail_spend_level": "spend_level",
}


class RetailMemberFigureMixin(models.AbstractModel):
    """Shows ``retail.member.figure`` on partners: read, searched, sorted and grouped there.

    The fields are not stored: they are those of the current company's row, fetched by one
    query for all records and joined where a search names them.
    """

    _name = "retail.member.figure.mixin"
    _description = "Figures Shown on a Member"

    retail_first_purchase = fields.Date(
        string="First Purchase",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_first_purchase",
        groups=RETAIL_USER,
    )
    retail_last_purchase = fields.Date(
        string="Last Purchase",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_last_purchase",
        groups=RETAIL_USER,
    )
    retail_order_count = fields.Integer(
        string="Purchases",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_order_count",
        groups=RETAIL_USER,
        help="Orders and receipts of this company with goods sold.",
    )
    retail_spent = fields.Monetary(
        string="Spent",
        currency_field="retail_currency_id",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_spent",
        groups=RETAIL_USER,
        help="In this company, tax included, after discounts and refunds.",
    )
    retail_average = fields.Monetary(
        string="Average Purchase",
        currency_field="retail_currency_id",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_average",
        groups=RETAIL_USER,
        aggregator="avg",
    )
    retail_year_count = fields.Integer(
        string="Purchases in 12 Months",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_year_count",
        groups=RETAIL_USER,
    )
    retail_year_spent = fields.Monetary(
        string="Spent in 12 Months",
        currency_field="retail_currency_id",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_year_spent",
        groups=RETAIL_USER,
    )
    retail_spend_level = fields.Selection(
        LEVELS,
        string="Spend Level",
        compute="_compute_retail_figures",
        compute_sudo=True,
        search="_search_retail_spend_level",
        groups=RETAIL_USER,
        help="By what was spent in the last 12 months; the steps are in the settings.",
    )
    retail_currency_id = fields.Many2one("res.currency", compute="_compute_retail_currency_id")

    def _retail_figure_fields(self):
        return list(FIGURES)

    def _compute_retail_currency_id(self):
        self.retail_currency_id = self.env.company.currency_id

    def _compute_retail_figures(self):
        rows = self.env["retail.member.figure"].search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id", *FIGURES.values()],
        )
        by_partner = {row.partner_id.id: row for row in rows}
        empty = self.env["retail.member.figure"]
        for partner in self:
            row = by_partner.get(partner.commercial_partner_id.id, empty)
            for name, column in FIGURES.items():
                partner[name] = row[column]

    # === SEARCH === #

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the figures of the current company where a search, sort or group needs them."""
        column = FIGURES.get(field_expr)
        if column is None or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        figure = query.make_alias(alias, "retail_figure")
        query.add_join(
            "LEFT JOIN",
            figure,
            "retail_member_figure",
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(figure, "partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
                SQL.identifier(figure, "company_id"),
                self.env.company.id,
            ),
        )
        return SQL.identifier(figure, column)

    def _search_retail_figure(self, name, operator, value):
        field = self._fields[name]
        if operator in ("in", "not in"):
            # Nothing spent is 0 or no row at all; Monetary doesn't take an integer 0 for both.
            value = [item or False for item in value]
        return Domain.custom(
            to_sql=lambda model, alias, query: field.condition_to_sql(
                name, operator, value, model, alias, query
            )
        )

    def _search_retail_first_purchase(self, operator, value):
        return self._search_retail_figure("retail_first_purchase", operator, value)

    def _search_retail_last_purchase(self, operator, value):
        return self._search_retail_figure("retail_last_purchase", operator, value)

    def _search_retail_order_count(self, operator, value):
        return self._search_retail_figure("retail_order_count", operator, value)

    def _search_retail_spent(self, operator, value):
        return self._search_retail_figure("retail_spent", operator, value)

    def _search_retail_average(self, operator, value):
        return self._search_retail_figure("retail_average", operator, value)

    def _search_retail_year_count(self, operator, value):
        return self._search_retail_figure("retail_year_count", operator, value)

    def _search_retail_year_spent(self, operator, value):
        return self._search_retail_figure("retail_year_spent", operator, value)

    def _search_retail_spend_level(self, operator, value):
        return self._search_retail_figure("retail_spend_level", operator, value)
