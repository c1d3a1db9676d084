from odoo import api, fields, models
from odoo.fields import Domain


class RetailComplaintRemedyLimit(models.Model):
    """Up to which value the people of a role decide a remedy alone."""

    _name = "retail.complaint.remedy.limit"
    _description = "Limit of Remedies"
    _order = "company_id, amount, id"
    _rec_name = "group_id"

    company_id = fields.Many2one("res.company", help="All companies when empty.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        required=True,
        ondelete="cascade",
        domain=lambda self: [("privilege_id", "=", self.env.ref("retail_crm.privilege_retail").id)],
    )
    amount = fields.Monetary(
        string="Up To", help="Above it a colleague with a higher limit has to approve."
    )
    unlimited = fields.Boolean(string="Without Limit")

    _amount_positive = models.Constraint("CHECK(amount >= 0)", "A limit can't be negative.")
    _role_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), group_id)", "The role has a limit here."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for limit in self:
            limit.currency_id = (limit.company_id or self.env.company).currency_id

    @api.model
    def _of(self, user, company):
        """Return the highest limit of the user's roles, 0 without any; None for no limit.

        A company's own line takes the place of the common one of the same role.
        """
        limits = self.sudo().search(
            Domain("company_id", "in", [False, company.id])
            & Domain("group_id", "in", user.all_group_ids.ids)
        )
        own = limits.filtered("company_id")
        limits = own | limits.filtered(lambda one: one.group_id not in own.group_id)
        if any(limits.mapped("unlimited")):
            return None
        return max(limits.mapped("amount"), default=0)
