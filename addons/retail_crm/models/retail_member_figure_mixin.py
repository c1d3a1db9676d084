from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .retail_member_figure import LEVELS
from .retail_member_insight import CHURN_STATES

RETAIL_USER = "retail_crm.group_retail_user"
# Model with a row per member and company -> {field of the partner: column of the row}.
SHOWN = {
    "retail.member.figure": {
        "retail_first_purchase": "first_day",
        "retail_last_purchase": "last_day",
        "retail_order_count": "order_count",
        "retail_spent": "amount",
        "retail_average": "average",
        "retail_year_count": "year_count",
        "retail_year_spent": "year_amount",
        "retail_spend_level": "spend_level",
    },
    "retail.member.insight": {
        "retail_segment_id": "segment_id",
        "retail_cluster_id": "cluster_id",
        "retail_churn_state": "churn_state",
        "retail_churn_probability": "churn_probability",
        "retail_expected_purchases": "expected_purchases",
        "retail_insight": "explanation",
    },
}
COMPUTES = {
    "retail.member.figure": "_compute_retail_figures",
    "retail.member.insight": "_compute_retail_insight",
}
MODEL_OF = {name: model for model, columns in SHOWN.items() for name in columns}


def joined_domain(name, operator, value):
    """Return the domain of a condition on a field that ``_field_to_sql`` joins to the partners."""
    return Domain.custom(
        to_sql=lambda model, alias, query: model._fields[name].condition_to_sql(
            name, operator, value, model, alias, query
        )
    )


def _figure(kind, name, **attributes):
    """Return the field ``name`` of a partner, which shows a column of its row in SHOWN."""

    def search(_partners, operator, value):
        if operator in ("in", "not in"):
            # Nothing spent is 0 or no row at all; Monetary doesn't take an integer 0 for both.
            value = [item or False for item in value]
        return joined_domain(name, operator, value)

    return kind(
        compute=COMPUTES[MODEL_OF[name]],
        compute_sudo=True,
        search=search,
        groups=RETAIL_USER,
        **attributes,
    )


class RetailMemberFigureMixin(models.AbstractModel):
    """Shows figures and insight on partners: read, searched, sorted and grouped there.

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
    retail_segment_id = _figure(
        fields.Many2one, "retail_segment_id", comodel_name="retail.segment", string="Segment"
    )
    retail_cluster_id = _figure(
        fields.Many2one,
        "retail_cluster_id",
        comodel_name="retail.cluster",
        string="Cluster",
        help="Members who buy alike, found by the figures alone; 1 spends most.",
    )
    retail_churn_state = _figure(
        fields.Selection,
        "retail_churn_state",
        selection=CHURN_STATES,
        string="Buying State",
        help="Lost, at risk, won back or regular, by the member's own purchases.",
    )
    retail_churn_probability = _figure(
        fields.Float, "retail_churn_probability", string="Likely Lost", aggregator="avg"
    )
    retail_expected_purchases = _figure(
        fields.Float,
        "retail_expected_purchases",
        string="Expected Purchases",
        help="In the next 90 days.",
    )
    retail_insight = fields.Text(
        string="Insight",
        compute="_compute_retail_insight",
        compute_sudo=True,
        groups=RETAIL_USER,
    )
    retail_currency_id = fields.Many2one("res.currency", compute="_compute_retail_currency_id")

    def _retail_figure_fields(self):
        return [*SHOWN["retail.member.figure"], "retail_purchase_days"]

    def _retail_insight_fields(self):
        return list(SHOWN["retail.member.insight"])

    def _compute_retail_currency_id(self):
        self.retail_currency_id = self.env.company.currency_id

    def _compute_retail_figures(self):
        self._retail_show("retail.member.figure")

    @api.depends_context("lang")
    def _compute_retail_insight(self):
        self._retail_show("retail.member.insight")

    def _retail_show(self, model):
        """Fill the fields of a model in SHOWN from its rows of the current company."""
        columns = SHOWN[model]
        rows = self.env[model].search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            ["partner_id", *columns.values()],
        )
        by_partner = {row.partner_id.id: row for row in rows}
        empty = self.env[model]
        for partner in self:
            row = by_partner.get(partner.commercial_partner_id.id, empty)
            for name, column in columns.items():
                partner[name] = row[column]

    @api.depends("retail_first_purchase", "retail_last_purchase", "retail_order_count")
    def _compute_retail_purchase_days(self):
        for partner in self:
            first, last = partner.retail_first_purchase, partner.retail_last_purchase
            gaps = partner.retail_order_count - 1
            partner.retail_purchase_days = round((last - first).days / gaps) if gaps > 0 else 0

    # === SEARCH === #

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the rows of the current company where a search, sort or group needs them."""
        model = MODEL_OF.get(field_expr)
        if model is None or query is None or not self._fields[field_expr].search:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        table = self.env[model]._table
        row = query.make_alias(alias, table)
        query.add_join(
            "LEFT JOIN",
            row,
            table,
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(row, "partner_id"),
                super()._field_to_sql(alias, "commercial_partner_id", query),
                SQL.identifier(row, "company_id"),
                self.env.company.id,
            ),
        )
        return SQL.identifier(row, SHOWN[model][field_expr])
