from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class ResPartner(models.Model):
    """How and when members are contacted. The last contact is read from the communications:
    a message never writes the member, whose changes all tills load."""

    _name = "res.partner"
    _inherit = ["res.partner", "retail.communication.mixin"]

    retail_communication_ids = fields.One2many(
        "retail.communication",
        "partner_id",
        string="Communications",
        readonly=True,
        groups="retail_crm.group_guide,retail_crm.group_service",
    )
    retail_method_id = fields.Many2one(
        "retail.communication.method",
        string="Preferred Way",
        help="The way the member asked for: it is advised before any other.",
    )
    retail_contact_days = fields.Integer(
        string="Contact Every (days)",
        help="The rhythm agreed with the member: so many days after the last contact the member "
        "is due. 0: none.",
    )
    retail_last_contact = fields.Datetime(
        string="Last Contact",
        compute="_compute_retail_last_contact",
        search="_search_retail_last_contact",
        help="The latest communication in which the member was reached.",
    )
    retail_contact_due = fields.Boolean(
        string="Contact Due",
        compute="_compute_retail_contact_due",
        search="_search_retail_contact_due",
    )

    _retail_contact_days_positive = models.Constraint(
        "CHECK(retail_contact_days >= 0)", "The days between two contacts can't be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("retail_communication_ids.date", "retail_communication_ids.result")
    @api.depends_context("allowed_company_ids")
    def _compute_retail_last_contact(self):
        # When a member was last contacted is no secret among those who may see the member.
        latest = dict(
            self.env["retail.communication"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("result", "!=", "not_reached"),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["partner_id"],
                ["date:max"],
            )
        )
        for partner in self:
            partner.retail_last_contact = latest.get(partner._origin, False)

    @api.depends("retail_last_contact", "retail_contact_days", "do_not_contact")
    def _compute_retail_contact_due(self):
        now = fields.Datetime.now()
        for partner in self:
            days, last = partner.retail_contact_days, partner.retail_last_contact
            wanted = partner.is_member and days > 0 and not partner.do_not_contact
            partner.retail_contact_due = bool(wanted) and (
                not last or last + timedelta(days=days) <= now
            )

    # === SEARCH AND ORDER === #
    # Joins over the whole table: for a hundred thousand members ten times as quick as one
    # subquery per member.

    def _reached_sql(self):
        """Return the communications in the user's companies that reached the member, as contact."""
        self.env["retail.communication"].flush_model(["partner_id", "date", "result", "company_id"])
        return SQL(
            "retail_communication contact WHERE contact.result != 'not_reached'"
            " AND contact.company_id = ANY(%s)",
            self.env.companies.ids,
        )

    def _search_retail_last_contact(self, operator, value):
        if operator in COMPARISONS and value:
            comparison, day = COMPARISONS[operator], fields.Datetime.to_datetime(value)
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s IN (SELECT contact.partner_id FROM %s GROUP BY contact.partner_id"
                    " HAVING max(contact.date) %s %s)",
                    SQL.identifier(alias, "id"),
                    model._reached_sql(),
                    comparison,
                    day,
                )
            )
        if operator == "in" and set(value) == {False}:
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "NOT EXISTS (SELECT FROM %s AND contact.partner_id = %s)",
                    model._reached_sql(),
                    SQL.identifier(alias, "id"),
                )
            )
        return NotImplemented

    def _search_retail_contact_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = (
            Domain("is_member", "=", True)
            & Domain("retail_contact_days", ">", 0)
            & Domain("do_not_contact", "=", False)
        )
        now = fields.Datetime.now()
        due = wanted & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "NOT EXISTS (SELECT FROM %s AND contact.partner_id = %s"
                " AND contact.date > %s - make_interval(days => %s))",
                model._reached_sql(),
                SQL.identifier(alias, "id"),
                now,
                SQL.identifier(alias, "retail_contact_days"),
            )
        )
        return Domain.OR([due if flag else ~due for flag in value])

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "retail_last_contact":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        last = query.make_alias(alias, "last_contact")
        query.add_join(
            "LEFT JOIN",
            last,
            SQL(
                "(SELECT contact.partner_id, max(contact.date) AS date FROM %s"
                " GROUP BY contact.partner_id)",
                self._reached_sql(),
            ),
            SQL("%s = %s", SQL.identifier(last, "partner_id"), SQL.identifier(alias, "id")),
        )
        if not nulls.code:
            nulls = SQL("NULLS LAST")
        return SQL("%s %s %s", SQL.identifier(last, "date"), direction, nulls)

    # === PRIVACY === #

    def _retail_erase_documents(self):
        result = super()._retail_erase_documents()
        self.env["retail.communication"].with_context(active_test=False).search(
            [("partner_id", "in", self.ids)]
        )._erase()
        return result
