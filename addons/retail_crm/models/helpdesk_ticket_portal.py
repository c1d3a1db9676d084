from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

from .helpdesk_ticket import CAUSE_KINDS

PURCHASES_SHOWN = 30  # the newest ones that a customer chooses from
ANSWERING_CODES = ("solution_proposed", "resolved")


class HelpdeskTicket(models.Model):
    """What a customer sees of the own request in the portal, and what he may do there.

    The portal's pages call these methods as the system, after they checked whose request it is.
    """

    _inherit = "helpdesk.ticket"

    # What is the shop's own: a customer reads the request, not what we note about it.
    cause_id = fields.Many2one(groups="base.group_user")
    solution = fields.Text(groups="base.group_user")
    remedy_ids = fields.One2many(groups="base.group_user")
    remedy_count = fields.Integer(groups="base.group_user")
    remedy_cost = fields.Monetary(groups="base.group_user")
    escalated = fields.Boolean(groups="base.group_user")
    escalation_level = fields.Integer(groups="base.group_user")
    next_deadline = fields.Datetime(groups="base.group_user")
    deadline_warning = fields.Char(groups="base.group_user")
    retail_changed_uid = fields.Many2one(groups="base.group_user")
    retail_beside = fields.Char(groups="base.group_user")
    retail_about_id = fields.Many2one(groups="base.group_user")

    # === WHAT IS SHOWN === #

    def _retail_portal_status(self):
        """Return (words, colour of Bootstrap) of the step, as a customer understands it."""
        self.ensure_one()
        status = {
            "new": (self.env._("Received"), "info"),
            "accepted": (self.env._("Being looked into"), "info"),
            "investigating": (self.env._("Being looked into"), "info"),
            "solution_proposed": (self.env._("Waiting for your answer"), "warning"),
            "resolved": (self.env._("Solved"), "success"),
            "closed": (self.env._("Finished"), "light"),
            "invalid": (self.env._("Not pursued"), "light"),
        }
        if self.retail_stage_code == "solution_proposed" and self.customer_answer:
            return self.env._("Being looked into"), "info"
        return status.get(self.retail_stage_code) or (self.stage_id.name, "info")

    def _retail_portal_solution(self):
        """Return the solution once it was told to the customer."""
        told = self.retail_stage_code in ("solution_proposed", "resolved", "closed")
        return told and self.solution

    def _retail_portal_purchase(self):
        """Return the words for what was bought, empty when the request names nothing."""
        return self.sale_order_id.name or ""

    def _retail_portal_attachments(self):
        """Return the files of the customer and those of letters, none of internal notes."""
        letters = self.message_ids.filtered(
            lambda message: not message.is_internal and not message.subtype_id.internal
        )
        sent = self.attachment_ids.filtered(lambda file: file.create_uid.share)
        return (letters.attachment_ids | sent).sorted("id")

    def _retail_customer_url(self):
        """Return the address of the customer's page; none for what is confidential."""
        self.ensure_one()
        return "" if self.retail_confidential else self.get_base_url() + self.get_portal_url()

    # === THE CUSTOMER ACTS === #

    def _retail_portal_may_answer(self):
        """Return whether a solution waits for the customer's answer."""
        return self.retail_stage_code in ANSWERING_CODES and not self.customer_answer

    def _retail_portal_may_reopen(self):
        """Return whether the customer may take the ended request up again: within the term."""
        days = self.company_id.retail_complaint_reopen_days
        if self.retail_stage_code not in ("resolved", "closed") or not self.resolved_date:
            return False
        return bool(days) and self.resolved_date + timedelta(days=days) >= fields.Datetime.now()

    def _retail_portal_accept(self, partner, note):
        """The customer is content: what was proposed is resolved, what was resolved is closed."""
        self._check_retail_portal(self._retail_portal_may_answer())
        self._retail_portal_say(partner, note or self.env._("I agree with the solution."))
        self.write({"customer_answer": "accepted", "customer_answer_note": note})
        if self.retail_stage_code == "resolved":
            self._retail_move("closed")
        elif self.cause_id or self.retail_kind not in CAUSE_KINDS:
            self._retail_move("resolved")
        else:
            self._retail_portal_to_do(
                self.env._("The customer agrees: name the cause and resolve it")
            )

    def _retail_portal_reject(self, partner, note):
        """The customer is not content, and says why: somebody looks into it again."""
        self._check_retail_portal(self._retail_portal_may_answer())
        self._check_retail_portal_words(note)
        if self.retail_stage_code == "resolved":
            self._retail_portal_reopen(partner, note)
            return
        self._retail_portal_say(partner, note)
        self.write({"customer_answer": "rejected", "customer_answer_note": note})
        self._retail_move("investigating")
        self._retail_portal_to_do(self.env._("The customer does not agree with the solution"))

    def _retail_portal_reopen(self, partner, note):
        """The customer takes an ended request up again."""
        self._check_retail_portal(self._retail_portal_may_reopen())
        self._check_retail_portal_words(note)
        self._retail_reopen(note)
        self._retail_portal_say(partner, note)
        self._retail_portal_to_do(self.env._("The customer reopened it"))

    def _check_retail_portal(self, possible):
        if not possible:
            raise UserError(
                self.env._("This is no longer possible. The page shows how your request stands.")
            )

    def _check_retail_portal_words(self, note):
        if not note:
            raise UserError(self.env._("Write a few words, so that we know what is missing."))

    def _retail_portal_say(self, partner, note):
        self.message_post(
            body=plaintext2html(note),
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _retail_portal_to_do(self, summary):
        self.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.user_id.id, summary=summary
        )

    def _with_ending_date(self, vals):
        """A solution that is proposed anew waits for a new answer."""
        vals = super()._with_ending_date(vals)
        if self._retail_code_in(vals) == "solution_proposed":
            vals = {"customer_answer": False, "customer_answer_note": False, **vals}
        return vals

    # === A NEW REQUEST === #

    @api.model
    def _retail_portal_purchases(self, partner, company):
        """Return {key: {"label", "at", "values" of a request}} of the customer's own purchases."""
        orders = self.env["sale.order"].search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
            ],
            order="date_order desc",
            limit=PURCHASES_SHOWN,
        )
        return {
            f"sale.order,{order.id}": {
                "label": self._retail_portal_label(
                    order.name, order.date_order, order.amount_total, order.currency_id
                ),
                "at": order.date_order,
                "values": {
                    "sale_order_id": order.id,
                    "retail_store_id": order.retail_store_id.id,
                },
            }
            for order in orders
        }

    @api.model
    def _retail_portal_label(self, name, bought_at, amount, currency):
        day = fields.Datetime.context_timestamp(self, bought_at).date()
        return f"{name} · {format_date(self.env, day)} · {currency.format(amount)}"
