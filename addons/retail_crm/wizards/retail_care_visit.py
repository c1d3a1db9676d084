from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.retail_care_plan import FORMS

MOST = 1000  # members of one choice: more than staff could visit


class RetailCareVisit(models.TransientModel):
    """Chooses members by what they bought, and makes a return visit for each."""

    _name = "retail.care.visit"
    _description = "Return Visits"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Bought From",
        required=True,
        default=lambda self: fields.Date.subtract(fields.Date.context_today(self), days=30),
    )
    date_to = fields.Date(string="Bought Until", required=True, default=fields.Date.context_today)
    product_ids = fields.Many2many("product.product", string="Products")
    categ_ids = fields.Many2many("product.category", string="Product Categories")
    amount = fields.Monetary(
        string="For at Least",
        currency_field="company_currency_id",
        help="Of these goods in these days, tax included, net of returns.",
    )
    store_ids = fields.Many2many(
        "stock.warehouse",
        string="Home Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        default=lambda self: self.env.user.retail_store_ids.filtered(
            lambda store: store.company_id == self.env.company
        ),
    )
    quiet_days = fields.Integer(
        string="Not Visited For (Days)",
        default=90,
        help="Leaves out who had a return visit, or has one to come, within so many days.",
    )
    form = fields.Selection(
        [form for form in FORMS if form[0] in ("call", "visit")], required=True, default="call"
    )
    due_date = fields.Date(required=True, default=fields.Date.context_today)
    member_count = fields.Integer(string="Members", compute="_compute_member_count")

    @api.depends(
        "date_from", "date_to", "product_ids", "categ_ids", "amount", "store_ids", "quiet_days",
        "form",
    )  # fmt: skip
    def _compute_member_count(self):
        for wizard in self:
            wizard.member_count = len(wizard._members()) if wizard.store_ids else 0

    def _members(self):
        """Return the members chosen, of the stores that the user leads."""
        allowed = self.env.user.retail_store_ids
        if self.env.user.has_group("retail_crm.group_retail_admin"):
            allowed = self.store_ids._origin
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT member.id
                     FROM res_partner member
                     JOIN retail_sale_fact fact ON fact.partner_id = member.commercial_partner_id
                      AND fact.company_id = %(company)s AND fact.day BETWEEN %(first)s AND %(last)s
                    WHERE member.is_member AND member.active
                      AND member.do_not_contact IS NOT TRUE
                      AND member.retail_store_id = ANY(%(stores)s) AND %(goods)s AND %(way)s
                      AND NOT EXISTS (
                          SELECT 1 FROM retail_care_task task
                           WHERE task.partner_id = member.id AND task.is_return_visit
                             AND task.state NOT IN ('cancelled', 'not_reached')
                             AND task.due_date > %(today)s::date - %(quiet)s)
                 GROUP BY member.id
                   HAVING sum(fact.qty) > 0 AND COALESCE(sum(fact.total_company), 0) >= %(amount)s
                 ORDER BY member.id LIMIT %(most)s""",
                company=self.company_id.id,
                first=self.date_from,
                last=self.date_to,
                stores=(self.store_ids._origin & allowed).ids,
                goods=self._goods_sql(),
                # A call needs what every call needs; who is met in the store has agreed by coming.
                way=SQL("member.retail_consent_phone AND member.phone IS NOT NULL")
                if self.form == "call"
                else SQL("TRUE"),
                today=fields.Date.context_today(self),
                quiet=self.quiet_days,
                amount=self.amount,
                most=MOST,
            )
        )
        return self.env["res.partner"].browse(row[0] for row in rows)

    def _goods_sql(self):
        products = self.product_ids._origin
        if self.categ_ids:
            # Archived products were bought, too.
            every = self.env["product.product"].with_context(active_test=False)
            products |= every.search([("categ_id", "child_of", self.categ_ids._origin.ids)])
        elif not products:
            return SQL("TRUE")
        return SQL("fact.product_id = ANY(%s)", products.ids)

    def action_make(self):
        """Make a task for each member chosen and open them."""
        self.ensure_one()
        members = self._members()
        if not members:
            raise UserError(
                self.env._(
                    "Nobody bought such goods in these days who may be visited: choose other days "
                    "or goods, or fewer days without a visit."
                )
            )
        tasks = self.env["retail.care.task"].create([self._task_values(one) for one in members])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_care_task_action_all"
        )
        return {**action, "domain": [("id", "in", tasks.ids)]}

    def _task_values(self, member):
        store = member.retail_store_id
        away = self.env["retail.care.absence"].sudo()._absent_users(self.due_date)
        guide = member.retail_guide_id - away
        return {
            "partner_id": member.id,
            "company_id": self.company_id.id,
            "store_id": store.id,
            "user_id": (guide if guide.active else guide.browse()).id or self.env.uid,
            "form": self.form,
            "category_id": self.env.ref("retail_crm.care_category_visit").id,
            "is_return_visit": True,
            "due_date": self.due_date,
        }
