from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .helpdesk_ticket import WITH_REASON

ERASE_GROUP = "retail_crm.group_retail_admin"
# Kinds of fields that hold what is personal: all of them, but for those below.
PERSONAL_KINDS = {"binary", "char", "date", "datetime", "html", "image", "json", "text"}
KEPT_FIELDS = {
    "commercial_company_name",
    "complete_name",
    "create_date",
    "display_name",
    "email_normalized",
    "lang",
    "name",
    "phone_sanitized",
    "tz",
    "write_date",
}
PERSONAL_LINKS = {"gender", "state_id", "country_id", "industry_id", "retail_referrer_id"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _retail_erase_reasons(self):
        """Return why erasing this member should wait, for people."""
        self.ensure_one()
        _, member = self.env._, self.sudo()  # counts also what the user may not see
        open_tickets = (
            self.env["helpdesk.ticket"]
            .sudo()
            .search_count([("partner_id", "=", member.id), ("stage_id.closed", "=", False)])
        )
        unpaid = (
            self.env["account.move"]
            .sudo()
            .search_count(
                [
                    ("commercial_partner_id", "=", member.id),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                ]
            )
        )
        orders = (
            self.env["sale.order"]
            .sudo()
            .search_count(
                [
                    ("partner_id", "=", member.id),
                    ("state", "=", "sale"),
                    ("invoice_status", "=", "to invoice"),
                ]
            )
        )
        points = sum(member._retail_point_cards().mapped("points"))
        reasons = [
            open_tickets
            and _("Requests and complaints that are not closed: %(n)s", n=open_tickets),
            unpaid and _("Invoices that are not paid: %(n)s", n=unpaid),
            orders and _("Orders that are not invoiced: %(n)s", n=orders),
            points and _("Points that will be lost: %(n)s", n=f"{points:g}"),
        ]
        return [reason for reason in reasons if reason]

    def _retail_point_cards(self):
        return self.env["loyalty.card"].search([("partner_id", "in", self.ids), ("points", ">", 0)])

    def _retail_erase(self, reason, confirmed=False):
        """Make the member nobody: personal data goes, what was sold and booked stays.

        Raises UserError with the reasons to wait unless ``confirmed``.
        """
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group(ERASE_GROUP)):
            raise AccessError(self.env._("Only a retail administrator may erase personal data."))
        self.check_access("write")
        member = self.sudo()  # the data stands in documents of all kinds
        if member.with_context(active_test=False).user_ids:
            raise UserError(
                self.env._(
                    "%(name)s signs in to this database: delete the user first.",
                    name=member.display_name,
                )
            )
        reasons = member._retail_erase_reasons()
        if reasons and not confirmed:
            raise UserError(
                self.env._(
                    "Deal with these first, or confirm that you erase all the same:\n%(reasons)s",
                    reasons="\n".join(reasons),
                )
            )
        for card in member._retail_point_cards():
            card.history_ids = [
                Command.create(
                    {"description": self.env._("Given up on erasure"), "used": card.points}
                )
            ]
            card.write({"points": 0.0, "active": False})
        contacts = member.with_context(active_test=False).search([("id", "child_of", member.id)])
        # First out of the lists: an active member must have a phone or an email.
        member.with_context(tracking_disable=True).active = False
        for contact in contacts:
            contact._retail_erase_contact()
        contacts._retail_erase_documents()
        contacts._retail_erase_threads()
        snapshots = self.env["retail.member.snapshot"].sudo()
        snapshots.search([("survivor_id", "in", contacts.ids)])._erase()
        log = self.env["retail.audit.log"]
        log._forget(contacts)
        log._log("erase", self, detail=reason)
        member.message_post(
            body=self.env._(
                "Personal data erased by %(user)s: %(reason)s",
                user=self.env.user.name,
                reason=reason,
            )
        )

    def _retail_erase_contact(self):
        """Empty every field of the contact that tells who it is."""
        empty = {
            name: False
            for name, field in self._fields.items()
            if field.store
            and name not in KEPT_FIELDS
            and not (field.compute and field.readonly)
            and (field.type in PERSONAL_KINDS or name in PERSONAL_LINKS)
            and not field.required
        }
        quiet = self.with_context(tracking_disable=True, mail_notrack=True)
        quiet.write(
            {
                **empty,
                "name": self.env._("Erased %(number)s", number=self.id),
                "category_id": [Command.clear()],
                "do_not_contact": True,
            }
        )
        quiet.image_1920 = False
        quiet.retail_social_ids.unlink()
        quiet.bank_ids.filtered(lambda bank: not bank.allow_out_payment).unlink()

    def _retail_erase_documents(self):
        """Empty the contacts' words and addresses in requests; the rest of them stays."""
        # Closed requests, too, which else can't be changed.
        unbound = {"active_test": False, "tracking_disable": True}
        tickets = (
            self.env["helpdesk.ticket"]
            .with_context(retail_with_reason=WITH_REASON, **unbound)
            .search([("partner_id", "in", self.ids)])
        )
        gone = self.env._("Erased")
        for ticket in tickets:
            ticket.write(ticket._retail_erased_values(gone))
        tickets._retail_forget_thread()
        tasks = self.env["retail.care.task"].search([("partner_id", "in", self.ids)])
        words = ("result_note", "problem", "suggestion", "failure")
        tasks.write(dict.fromkeys(words, False))
        tasks._retail_forget_thread()
        inputs = self.env["survey.user_input"].search([("partner_id", "in", self.ids)])
        inputs.write({"email": False, "nickname": gone})
        inputs.user_input_line_ids.filtered(
            lambda line: line.answer_type in ("char_box", "text_box")
        ).unlink()

    def _retail_erase_threads(self):
        """Drop the messages, files and planned activities on the contacts, and their own words."""
        self._retail_forget_thread()
        self.activity_ids.unlink()
        own = self.env["mail.message"].search([("author_id", "in", self.ids)])
        own.tracking_value_ids.unlink()
        own.attachment_ids.unlink()
        own.write({"body": "", "subject": False, "email_from": False})
        self.env["mail.mail"].search(
            Domain("recipient_ids", "in", self.ids) | Domain("mail_message_id", "in", own.ids)
        ).unlink()
        self.env["sms.sms"].search([("partner_id", "in", self.ids)]).unlink()
