from odoo import api, fields, models
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


def joined_domain(name, operator, value):
    """Return the domain of a condition on a field that ``_field_to_sql`` joins to the partners."""
    return Domain.custom(
        to_sql=lambda model, alias, query: model._fields[name].condition_to_sql(
            name, operator, value, model, alias, query
        )
    )


def _figure(kind, name, **attributes):
    """Return the field ``name`` of a partner, which shows a column of its row of figures."""

    def search(_partners, operator, value):
        if operator in ("in", "not in"):
            # Nothing spent is 0 or no row at all; Monetary doesn't take an integer 0 for both.
            value = [item or False for item in value]
        return joined_domain(name, operator, value)

    return kind(
        compute="_compute_retail_figures",
        compute_sudo=True,
        search=search,
        groups=RETAIL_USER,
        **attributes,
    )


class RetailMemberFigureMixin(models.AbstractModel):
    """Shows ``retail.member.figure`` on partners: read, searched, sorted and grouped there.

    The fields are not stored: they are those of the current company's row, fetched by one
    query for all records and joined where a search names them.
    """

    _name = "retail.member.figure.mixin"
    _description = "Figures Shown on a Member"

    retail_first_purchase = _figure(fields.Date, "retail_first_purchase", string="First Purchase")
    retail_last_purchase = _figure(fields.Date, "retail_last_purchase", string="Last Purchase")
    retail_order_count = _figure(
        fields.Integer,
        "retail_order_count",
        string="Purchases",
        help="Orders and receipts of this company with goods sold.",
    )
    retail_spent = _figure(
        fields.Monetary,
        "retail_spent",
        string="Spent",
        currency_field="retail_currency_id",
        help="In this company, tax included, after discounts and refunds.",
    )
    retail_average = _figure(
        fields.Monetary,
        "retail_average",
        string="Average Purchase",
        currency_field="retail_currency_id",
        aggregator="avg",
    )
    retail_year_count = _figure(
        fields.Integer, "retail_year_count", string="Purchases in 12 Months"
    )
    retail_year_spent = _figure(
        fields.Monetary,
        "retail_year_spent",
        string="Spent in 12 Months",
        currency_field="retail_currency_id",
    )
    retail_spend_level = _figure(
        fields.Selection,
        "retail_spend_level",
        selection=LEVELS,
        string="Spend Level",
        help="By what was spent in the last 12 months; the steps are in the settings.",
    )
    retail_purchase_days = fields.Integer(
        string="Days Between Purchases",
        compute="_compute_retail_purchase_days",
        groups=RETAIL_USER,
        help="On average, from the first purchase to the last; 0 before the second one.",
    )
    retail_currency_id = fields.Many2one("res.currency", compute="_compute_retail_currency_id")

    def _retail_figure_fields(self):
        return [*FIGURES, "retail_purchase_days"]

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

    @api.depends("retail_first_purchase", "retail_last_purchase", "retail_order_count")
    def _compute_retail_purchase_days(self):
        for partner in self:
            first, last = partner.retail_first_purchase, partner.retail_last_purchase
            gaps = partner.retail_order_count - 1
            partner.retail_purchase_days = round((last - first).days / gaps) if gaps > 0 else 0

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
