from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..crm_engine.contact_advice import Way

HEALTH_HOURS = 24  # how far back the sent messages are looked at
HEALTH_LEAST = 5  # messages; fewer say nothing about a way
FAILED_STATUSES = ("bounce", "exception")
ENDED_STATUSES = ("sent", *FAILED_STATUSES)


class RetailCommunicationMethod(models.Model):
    _name = "retail.communication.method"
    _description = "Way of Contact"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(
        [
            ("phone", "Phone"),
            ("online", "Online"),
            ("onsite", "Face to Face"),
            ("written", "Written"),
        ],
        required=True,
        default="online",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    suits_urgent = fields.Boolean(help="Advised for what can't wait.")
    suits_complex = fields.Boolean(help="Advised for what needs many words or figures.")
    carrier = fields.Selection(
        [("email", "Email of this system"), ("sms", "SMS of this system")],
        string="Sent By",
        help="What carries it here: when too many of its messages fail, the way is blocked.",
    )
    failed_percent = fields.Float(
        string="Failed", compute="_compute_health", help="Of the messages of the last 24 hours."
    )
    is_blocked = fields.Boolean(string="Blocked", compute="_compute_health")
    block_reason = fields.Char(string="Why Blocked", compute="_compute_block_reason")
    color = fields.Integer(help="Colour of the records in the calendar.")

    @api.depends("carrier")
    @api.depends_context("company")
    def _compute_health(self):
        limit = self.env.company.retail_communication_failed_percent
        counts = self._carrier_counts()
        for method in self:
            failed, ended = counts.get(method.carrier, (0, 0))
            method.failed_percent = 100.0 * failed / ended if ended else 0.0
            method.is_blocked = ended >= HEALTH_LEAST and method.failed_percent > limit

    @api.depends("is_blocked")
    @api.depends_context("lang")
    def _compute_block_reason(self):
        for method in self:
            method.block_reason = method.is_blocked and self.env._(
                "%(percent)s %% of its messages of the last 24 hours failed. %(advice)s",
                percent=round(method.failed_percent),
                advice=self._block_advice(method.carrier),
            )

    @api.model
    def _block_advice(self, carrier):
        if carrier == "sms":
            return self.env._("Look at the SMS credit.")
        # Whether there is a server is no secret; how it is reached is.
        if self.env["ir.mail_server"].sudo().search_count([], limit=1):
            return self.env._("Look at the outgoing mail server.")
        return self.env._(
            "No outgoing mail server is set up here, as in a demo: mails can't leave before an "
            "administrator sets one up."
        )

    def _carrier_counts(self):
        """Return {carrier: (failed, ended)} of the messages of the last hours."""
        carriers = [carrier for carrier in self.mapped("carrier") if carrier]
        if not carriers:
            return {}
        since = fields.Datetime.now() - timedelta(hours=HEALTH_HOURS)
        # The health of a way is no secret, the messages of others are: only counts leave here.
        groups = (
            self.env["mail.notification"]
            .sudo()
            ._read_group(
                [
                    ("notification_type", "in", carriers),
                    ("notification_status", "in", ENDED_STATUSES),
                    ("mail_message_id.date", ">=", since),
                ],
                ["notification_type", "notification_status"],
                ["__count"],
            )
        )
        counts = {}
        for carrier, status, count in groups:
            failed, ended = counts.get(carrier, (0, 0))
            counts[carrier] = (
                failed + (count if status in FAILED_STATUSES else 0),
                ended + count,
            )
        return counts

    def _ways(self):
        """Return these methods as the engine of advice takes them."""
        return [
            Way(method.id, method.suits_urgent, method.suits_complex, method.is_blocked)
            for method in self
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Also records that the user doesn't see, and archived ones.
        used = (
            self.env["retail.communication"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("method_id", "in", self.ids)], ["method_id"], ["__count"])
        )
        for method, count in used:
            raise UserError(
                self.env._(
                    "%(count)s communications used %(method)s: archive it, it can't be deleted.",
                    count=count,
                    method=method.name,
                )
            )
