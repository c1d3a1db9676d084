import hashlib
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, hmac

STARS = 5
LOW_STARS = 2  # as many stars for anything, or fewer, open a complaint
DEFAULT_HOUR_LIMIT = 30  # from one address; a store's guests share the address of its network
TEXT_LENGTH = 2_000
CONTACT_LENGTH = 100
STAR_CHOICES = [(str(number), "★" * number) for number in range(1, STARS + 1)]
STAR_FIELDS = {
    "product": "product_stars",
    "service": "service_stars",
    "experience": "experience_stars",
}


class RetailReceiptOpinion(models.Model):
    """What a shopper said on the public page of a receipt: stars and words, or a complaint.

    The page is found by the receipt's secret token, printed as a QR code. Who keeps receipts
    (the till) overrides ``_receipt`` and ``_receipt_ticket_values``; here nobody does.
    """

    _name = "retail.receipt.opinion"
    _description = "Opinion on a Receipt"
    _order = "id desc"
    _rec_name = "document"

    token = fields.Char(
        required=True, readonly=True, groups="base.group_system", export_string_translation=False
    )
    address = fields.Char(
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
        help="Fingerprint of the network address, kept for a day to stop floods.",
    )
    kind = fields.Selection(
        [("opinion", "Stars"), ("complaint", "Complaint")], required=True, readonly=True
    )
    day = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    document = fields.Char(string="Receipt", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    product_stars = fields.Selection(STAR_CHOICES, string="Products", readonly=True)
    service_stars = fields.Selection(STAR_CHOICES, string="Service", readonly=True)
    experience_stars = fields.Selection(STAR_CHOICES, string="Buying Experience", readonly=True)
    words = fields.Text(string="What They Said", readonly=True)
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        string="Complaint",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _token_day_uniq = models.UniqueIndex(
        "(token, kind, day)", "A receipt is rated, and complained about, once a day."
    )

    # === WHAT OTHERS OVERRIDE === #

    @api.model
    def _receipt(self, token):
        """Return what the page shows of the receipt, None where there is none (yet).

        {record, number, company, store, partner, currency, lines: [{key, name, amount}]}
        """
        return None

    @api.model
    def _receipt_ticket_values(self, receipt, keys):
        """Return what a request about the receipt, and these of its lines, knows from it."""
        return {
            "company_id": receipt["company"].id,
            "retail_store_id": receipt["store"].id,
            "partner_id": receipt["partner"].id,
        }

    @api.model
    def _factor_labels(self):
        """Return {factor: what it is called}."""
        described = self.fields_get(list(STAR_FIELDS.values()), ["string"])
        return {factor: described[name]["string"] for factor, name in STAR_FIELDS.items()}

    # === SUBMIT === #

    @api.model
    def _fingerprint(self, address):
        """Return a text by which posts of the same network address are counted."""
        return hmac(self.env(su=True), "retail receipt address", address, hashlib.sha256)

    @api.model
    def _is_flooded(self, address):
        """Whether so much came from the address within an hour that nothing more is taken."""
        parameters = self.env["ir.config_parameter"].sudo()  # a shopper reads no settings
        limit = int(parameters.get_param("retail_crm.receipt_limit", DEFAULT_HOUR_LIMIT))
        since = fields.Datetime.now() - timedelta(hours=1)
        domain = [("address", "=", self._fingerprint(address)), ("create_date", ">=", since)]
        return self.search_count(domain, limit=limit) >= limit

    @api.model
    def _said_today(self, token):
        """Return {kind: row} of what was said about the receipt today."""
        today = fields.Date.context_today(self)
        return {row.kind: row for row in self.search([("token", "=", token), ("day", "=", today)])}

    @api.model
    def _submit(self, receipt, token, address, values):
        """File what a shopper sent; a double click files it once. Return the row.

        values: {kind, product/service/experience: "1".."5", words, lines: [keys], phone, email}.
        Raises UserError, in words for the shopper, when it can't be used.
        """
        # Two posts with the same token meet here: one of them is tried again and finds the other.
        self.env["retail.member.guard"]._touch([token])
        kind = "complaint" if values.get("kind") == "complaint" else "opinion"
        said = self._said_today(token).get(kind)
        if said:
            return said
        words = _text(values, "words")
        if len(words) > TEXT_LENGTH:
            raise UserError(
                self.env._("Please use at most %(count)s characters.", count=TEXT_LENGTH)
            )
        prepare = self._prepare_complaint if kind == "complaint" else self._prepare_opinion
        prepared = prepare(receipt, words, values)
        return self.create(
            {
                **prepared,
                "kind": kind,
                "token": token,
                "address": self._fingerprint(address),
                "words": words,
                "document": receipt["number"],
                "company_id": receipt["company"].id,
                "store_id": receipt["store"].id,
                "partner_id": receipt["partner"].commercial_partner_id.id,
            }
        )

    def _prepare_opinion(self, receipt, words, values):
        stars = {name: _star(values.get(factor)) for factor, name in STAR_FIELDS.items()}
        given = [int(number) for number in stars.values() if number]
        if not given:
            raise UserError(self.env._("Please choose at least one star."))
        ticket = self.env["helpdesk.ticket"]
        if min(given) <= LOW_STARS:
            ticket = self._open_low_score(receipt, words, stars)
        return {**stars, "ticket_id": ticket.id}

    def _open_low_score(self, receipt, words, stars):
        labels = self._factor_labels()
        lines = [
            f"{labels[factor]}: {stars[name]}/{STARS}"
            for factor, name in STAR_FIELDS.items()
            if stars[name]
        ]
        values = {
            "name": self.env._("Low score for receipt %(receipt)s", receipt=receipt["number"]),
            "description": Markup("<br/>").join(lines + words.splitlines()),
        }
        return self._open_ticket(receipt, [], values)

    def _prepare_complaint(self, receipt, words, values):
        if not words:
            raise UserError(self.env._("Please tell us what went wrong."))
        phone, email = _text(values, "phone"), _text(values, "email")
        if max(len(phone), len(email)) > CONTACT_LENGTH or (email and not email_normalize(email)):
            raise UserError(
                self.env._("Please check the phone and the mail address, or leave them empty.")
            )
        contact = ", ".join(filter(None, (phone, email)))
        intake = self.env["helpdesk.ticket"]._retail_intake_values(
            words,
            contact
            and self.env._("The customer asks to be reached at: %(contact)s", contact=contact),
        )
        if email:
            intake["partner_email"] = email_normalize(email)
        ticket = self._open_ticket(receipt, values.get("lines") or [], intake)
        return {"ticket_id": ticket.id}

    def _open_ticket(self, receipt, keys, values):
        company = receipt["company"]
        channel = self.env.ref("retail_crm.ticket_channel_receipt", raise_if_not_found=False)
        # The shopper is nobody to Odoo; the complaint is opened by the shop.
        tickets = self.env["helpdesk.ticket"].with_user(SUPERUSER_ID).with_company(company)
        return tickets.create(
            {
                **self._receipt_ticket_values(receipt, keys),
                **values,
                "retail_kind": "complaint",
                **({"channel_id": channel.id} if channel else {}),
            }
        )

    # === CLEANING === #

    @api.autovacuum
    def _gc_addresses(self):
        """Forget the addresses of those who posted more than a day ago."""
        edge = fields.Datetime.now() - timedelta(days=1)
        self.search([("address", "!=", False), ("create_date", "<", edge)]).write(
            {"address": False}
        )


def _text(values, name):
    return str(values.get(name) or "").strip()


def _star(text):
    """Return "1" to "5", False where nothing that counts was chosen."""
    return text if text in dict(STAR_CHOICES) else False
