from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

ACTIVITY = "mail.mail_activity_data_todo"


class RetailPromotionBriefing(models.Model):
    """What the staff must know of a promotion before it starts, and who has read it."""

    _name = "retail.promotion.briefing"
    _description = "Promotion Briefing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "promotion_id"

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="promotion_id.company_id", store=True)
    date_from = fields.Datetime(related="promotion_id.date_from")
    promotion_state = fields.Selection(related="promotion_id.state", string="Promotion State")
    reward_text = fields.Char(related="promotion_id.reward_text")
    text = fields.Html(
        string="Briefing", help="What guides and cashiers must know: what it gives, to whom, when."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    sent_at = fields.Datetime(string="Sent On", readonly=True, copy=False)
    reader_ids = fields.One2many(
        "retail.promotion.briefing.reader",
        "briefing_id",
        string="People",
        copy=False,
        groups="retail_crm.group_promotion,retail_crm.group_store_manager",
    )
    reader_count = fields.Integer(string="Number of People", compute="_compute_acknowledged")
    acknowledged_count = fields.Integer(
        string="Number Who Acknowledged", compute="_compute_acknowledged"
    )
    acknowledged_percent = fields.Float(
        string="Acknowledged (%)",
        compute="_compute_acknowledged",
        help="Of the guides and cashiers of the promotion's stores.",
    )
    my_state = fields.Selection(
        [("unread", "Unread"), ("acknowledged", "Acknowledged")],
        string="For Me",
        compute="_compute_my_state",
        search="_search_my_state",
    )

    _promotion_uniq = models.Constraint(
        "UNIQUE(promotion_id)", "The promotion has a briefing already."
    )

    # === COMPUTE METHODS === #

    @api.depends("reader_ids.state", "reader_ids.user_id.active")
    def _compute_acknowledged(self):
        for briefing in self:
            # How many have read it is no secret; who, only their superiors see.
            states = briefing.sudo().reader_ids.filtered("user_id.active").mapped("state")
            briefing.reader_count = len(states)
            briefing.acknowledged_count = states.count("acknowledged")
            briefing.acknowledged_percent = (
                100.0 * briefing.acknowledged_count / len(states) if states else 0.0
            )

    @api.depends("reader_ids.state")
    @api.depends_context("uid")
    def _compute_my_state(self):
        for briefing in self:
            briefing.my_state = briefing._my_reader().state

    def _search_my_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.env["retail.promotion.briefing.reader"].search(
            [("user_id", "=", self.env.uid), ("state", "in", list(value))]
        )
        return Domain("id", "in", mine.briefing_id.ids)

    def _my_reader(self):
        return self.sudo().reader_ids.filtered(lambda reader: reader.user_id == self.env.user)

    # === CRUD METHODS === #

    def write(self, vals):
        self.check_access("write")
        if "text" in vals or "promotion_id" in vals:
            for briefing in self.filtered(lambda briefing: briefing.state == "sent"):
                raise UserError(
                    self.env._(
                        "The briefing of %(promotion)s was sent: press Revise to change it; "
                        "everybody will have to read it again.",
                        promotion=briefing.promotion_id.name,
                    )
                )
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _staff(self):
        """Return the guides and cashiers of the stores where the promotion holds."""
        self.ensure_one()
        # Who works where is no secret of the one who briefs.
        stores = self.promotion_id.sudo().store_ids or self.env["stock.warehouse"].sudo().search(
            [("is_store", "=", True), ("company_id", "=", self.company_id.id)]
        )
        groups = self.env.ref("retail_crm.group_guide") | self.env.ref("retail_crm.group_cashier")
        return stores.retail_staff_ids.filtered(
            lambda user: user.active and groups & user.all_group_ids
        )

    def _add_staff(self):
        """Add those who aren't among the people yet; return their new lines."""
        self.ensure_one()
        new = self._staff() - self.reader_ids.user_id
        return self.env["retail.promotion.briefing.reader"].create(
            [{"briefing_id": self.id, "user_id": user.id} for user in new.sorted("id")]
        )

    def action_add_staff(self):
        for briefing in self:
            briefing._add_staff()

    def action_send(self):
        """Send the briefing to everybody concerned, by message and as a to-do."""
        for briefing in self:
            if is_html_empty(briefing.text):
                raise UserError(self.env._("Write what the staff must know."))
            briefing._add_staff()
            if not briefing.reader_ids:
                raise UserError(
                    self.env._(
                        "There is nobody to brief: no guide or cashier works in the stores of "
                        "%(promotion)s. Add people by hand, or give the stores their staff.",
                        promotion=briefing.promotion_id.name,
                    )
                )
            briefing.write({"state": "sent", "sent_at": fields.Datetime.now()})
            briefing.reader_ids._notify(briefing._send_subject())

    def _send_subject(self):
        return self.env._("Please read: %(promotion)s", promotion=self.promotion_id.name)

    def action_remind(self):
        """Remind those who haven't acknowledged the briefing."""
        for briefing in self.filtered(lambda briefing: briefing.state == "sent"):
            briefing._remind(briefing.reader_ids)

    def _remind(self, readers):
        unread = readers.filtered(lambda one: one.state == "unread" and one.user_id.active)
        unread._notify(self.env._("Not read yet: %(promotion)s", promotion=self.promotion_id.name))
        unread.reminded_at = fields.Datetime.now()
        return unread

    def action_revise(self):
        """Take the briefing back to change it; who has read the old text must read the new one."""
        self.activity_unlink([ACTIVITY])
        self.write({"state": "draft", "sent_at": False})
        self.reader_ids.write({"state": "unread", "acknowledged_at": False, "reminded_at": False})

    def action_acknowledge(self):
        """Note that the user has read and understood it."""
        self.check_access("read")
        for briefing in self:
            if briefing.state != "sent" or not briefing._my_reader():
                raise UserError(self.env._("This briefing wasn't sent to you."))
            # Readers can't write the list of people; each may set the own mark.
            briefing._my_reader().filtered(lambda one: one.state == "unread").write(
                {"state": "acknowledged", "acknowledged_at": fields.Datetime.now()}
            )
            briefing.sudo().activity_feedback([ACTIVITY], user_id=self.env.uid)

    @api.model
    def _cron_remind(self):
        """Brief new staff and remind once who hasn't read what starts soon."""
        now = fields.Datetime.now()
        for company in self.env["res.company"].search([]):
            soon = now + timedelta(days=company.retail_promo_briefing_days)
            briefings = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "sent"),
                    ("promotion_id.state", "in", ("draft", "published")),
                    ("promotion_id.date_from", ">", now),
                    ("promotion_id.date_from", "<=", soon),
                ]
            )
            for briefing in briefings:
                briefing._add_staff()._notify(briefing._send_subject())
                briefing._remind(
                    briefing.reader_ids.filtered(
                        lambda one: not one.reminded_at and one.create_date < now
                    )
                )
