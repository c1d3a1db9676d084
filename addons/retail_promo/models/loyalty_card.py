"""Coupons of promotions: cards of stock loyalty whose codes are ours."""

import base64
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime

MANAGERS = ("retail_crm.group_promotion", "retail_crm.group_store_manager")


def midnight(day, tz_name):
    """Return the naive UTC moment at which a day begins in a time zone."""
    local = datetime.combine(day, time.min, ZoneInfo(tz_name or "UTC"))
    return local.astimezone(UTC).replace(tzinfo=None)


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    retail_promotion_id = fields.Many2one(
        "retail.promotion", string="Promotion", readonly=True, index="btree_not_null",
        ondelete="restrict", help="The promotion that this coupon opens.",
    )  # fmt: skip
    retail_batch_id = fields.Many2one(
        "retail.coupon.batch", string="Batch", readonly=True, index="btree_not_null"
    )
    retail_date_from = fields.Date(string="Valid From", readonly=True)
    retail_tz = fields.Char(string="Time Zone", readonly=True, help="Its days are cut by it.")
    retail_starts_at = fields.Datetime(compute="_compute_retail_period", store=True)
    retail_ends_at = fields.Datetime(
        string="Holds Until", compute="_compute_retail_period", store=True,
        help="The end of its last day, by the clock of the store or the company.",
    )  # fmt: skip
    retail_state = fields.Selection(
        [
            ("unused", "Unused"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        string="State",
        compute="_compute_retail_state",
        search="_search_retail_state",
    )
    retail_origin = fields.Char(string="Issued For", readonly=True)
    retail_used_at = fields.Datetime(string="Used On", readonly=True)
    retail_document = fields.Char(
        string="Used By", readonly=True, index="btree_not_null",
        help="Model and number of the sale that used it.",
    )  # fmt: skip
    retail_document_name = fields.Char(string="Used At Order", readonly=True)
    retail_held_by = fields.Char(readonly=True, help="The open till order that wants to use it.")
    retail_held_until = fields.Datetime(readonly=True)
    retail_cancelled_at = fields.Datetime(string="Cancelled On", readonly=True)
    retail_sent_at = fields.Datetime(string="Sent On", readonly=True)

    @api.depends("retail_promotion_id")
    def _compute_display_name(self):
        ours = self.filtered("retail_promotion_id")
        for card in ours:
            card.display_name = f"{card.retail_promotion_id.name}: {card.code}"
        return super(LoyaltyCard, self - ours)._compute_display_name()

    # === STATE === #

    @api.depends("expiration_date", "retail_date_from", "retail_tz", "retail_promotion_id")
    def _compute_retail_period(self):
        for card in self:
            day, last = card.retail_date_from, card.expiration_date
            if not card.retail_promotion_id:
                day = last = None
            card.retail_starts_at = day and midnight(day, card.retail_tz)
            card.retail_ends_at = last and midnight(last + timedelta(days=1), card.retail_tz)

    @api.depends("retail_promotion_id", "retail_used_at", "retail_cancelled_at", "retail_ends_at")
    def _compute_retail_state(self):
        now = fields.Datetime.now()
        for card in self:
            if not card.retail_promotion_id:
                card.retail_state = False
            elif card.retail_cancelled_at:
                card.retail_state = "cancelled"
            elif card.retail_used_at:
                card.retail_state = "used"
            elif card.retail_ends_at and card.retail_ends_at <= now:
                card.retail_state = "expired"
            else:
                card.retail_state = "unused"

    def _search_retail_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        coupon = Domain("retail_promotion_id", "!=", False)
        cancelled = Domain("retail_cancelled_at", "!=", False)
        used = Domain("retail_used_at", "!=", False)
        over = Domain("retail_ends_at", "<=", now)
        states = {
            "cancelled": coupon & cancelled,
            "used": coupon & ~cancelled & used,
            "expired": coupon & ~cancelled & ~used & over,
            "unused": coupon
            & ~cancelled
            & ~used
            & (Domain("retail_ends_at", "=", False) | Domain("retail_ends_at", ">", now)),
            False: ~coupon,
        }
        return Domain.OR(states[state] for state in value if state in states)

    # === WHETHER IT CAN BE USED === #

    @api.model
    def _retail_coupon_of(self, code, company):
        """Return the coupon of a company with a code as somebody typed or scanned it."""
        code = (code or "").strip()
        spellings = [code, code.lower(), code.upper()]
        # Whoever holds a code may have it looked up; lists of codes need a right.
        cards = self.sudo().search(
            [
                ("code", "in", spellings),
                ("retail_promotion_id.company_id", "=", company.id),
            ]
        )
        return cards[:1]

    def _retail_refusal(self, moment, partner, document):
        """Return why a sale can't use the coupon, None when it can.

        moment: naive UTC; partner: the customer, may be empty; document: key of the sale.
        """
        self.ensure_one()
        if self.retail_cancelled_at or not self.active:
            return "cancelled"
        if self.retail_used_at:
            return None if self.retail_document == document else "used"
        if self._retail_is_held(document):
            return "held"
        if self.retail_starts_at and moment < self.retail_starts_at:
            return "not_yet"
        if self.retail_ends_at and moment >= self.retail_ends_at:
            return "expired"
        owner = self.partner_id.commercial_partner_id
        if owner and owner != partner.commercial_partner_id:
            return "other_member" if partner else "no_member"
        return None

    def _retail_is_held(self, document):
        """Tell whether another open sale holds the coupon."""
        held = self.retail_held_by and self.retail_held_until > fields.Datetime.now()
        return bool(held) and self.retail_held_by != document

    def _retail_refusal_text(self, reason):
        """Return a refusal as a sentence that says what is wrong and what to do."""
        self.ensure_one()
        _ = self.env._
        code = self.code
        if reason == "used":
            return _(
                "Coupon %(code)s was used on %(date)s at %(order)s. A coupon holds once.",
                code=code,
                date=format_datetime(self.env, self.retail_used_at),
                order=self.retail_document_name,
            )
        if reason == "not_yet":
            day = format_date(self.env, self.retail_date_from)
            return _("Coupon %(code)s holds from %(date)s on.", code=code, date=day)
        if reason == "expired":
            day = format_date(self.env, self.expiration_date)
            return _("Coupon %(code)s was valid until %(date)s.", code=code, date=day)
        texts = {
            "cancelled": _("Coupon %(code)s was cancelled by the shop.", code=code),
            "held": _(
                "Coupon %(code)s is being used at another till. Try again in some minutes.",
                code=code,
            ),
            "other_member": _("Coupon %(code)s belongs to another member.", code=code),
            "no_member": _("Coupon %(code)s belongs to a member: choose the customer.", code=code),
        }
        return texts[reason]

    # === USING AND RETURNING === #

    def _retail_lock(self):
        """Keep these coupons from other sales until this transaction ends."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("SELECT id FROM loyalty_card WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        self.invalidate_recordset()

    def _retail_use(self, document, name, partner, moment, force=False):
        """Let a sale use these coupons; of two sales at once, one finds it used.

        document, name: key and name of the sale. moment: naive UTC. Raises UserError for a
        coupon that can't be used, or leaves it out with `force`. Returns what the sale has.
        """
        self._retail_lock()
        used = self.browse()
        for card in self:
            reason = card._retail_refusal(moment, partner, document)
            if reason and not force:
                raise UserError(card._retail_refusal_text(reason))
            if not reason:
                used |= card
        fresh = used.filtered(lambda card: not card._retail_is_used_by(document))
        fresh._retail_use_up(document, name, partner, moment)
        return used

    def _retail_is_used_by(self, document):
        """Tell whether a sale has used the coupon already."""
        return bool(self.retail_used_at) and self.retail_document == document

    def _retail_use_up(self, document, name, partner, moment):
        """Write down that a sale has these coupons; see `_retail_use`."""
        self.write(
            {
                "retail_used_at": moment,
                "retail_document": document,
                "retail_document_name": name,
                "retail_held_by": False,
                "retail_held_until": False,
                "points": 0.0,
            }
        )
        self._retail_write_history(self.env._("Used at %(order)s", order=name), used=1.0)

    def _retail_hold(self, document, seconds, partner):
        """Keep coupons for a customer's sale that isn't paid yet, for some seconds."""
        until = fields.Datetime.add(fields.Datetime.now(), seconds=seconds)
        self.write({"retail_held_by": document, "retail_held_until": until})

    @api.model
    def _retail_free(self, documents):
        """Sales don't want the coupons any more that were held for them."""
        held = self.sudo().search([("retail_held_by", "in", documents)])
        held.write({"retail_held_by": False, "retail_held_until": False})

    @api.model
    def _retail_return(self, documents):
        """Sales were cancelled or came back whole: their coupons hold again."""
        cards = self.sudo().search([("retail_document", "in", documents)])
        for name, some in cards.grouped("retail_document_name").items():
            some._retail_write_history(self.env._("%(order)s came back", order=name), issued=1.0)
        cards.write(
            {
                "retail_used_at": False,
                "retail_document": False,
                "retail_document_name": False,
                "points": 1.0,
            }
        )

    def _retail_write_history(self, description, **values):
        self.env["loyalty.history"].sudo().create(
            [{"card_id": card.id, "description": description, **values} for card in self]
        )

    # === ACTIONS === #

    def action_retail_cancel(self):
        """Cancel coupons that nobody has used yet."""
        self._retail_check_manager()
        for card in self.filtered(lambda card: card.retail_state not in ("unused", "expired")):
            raise UserError(
                self.env._(
                    "Coupon %(code)s can't be cancelled: it was used or cancelled already.",
                    code=card.code,
                )
            )
        # Managers of promotions have no general right on loyalty cards.
        cards = self.sudo()
        cards.write({"retail_cancelled_at": fields.Datetime.now(), "points": 0.0})
        cards._retail_write_history(self.env._("Cancelled"), used=1.0)
        return True

    def action_retail_send(self):
        """Mail members their coupons, again if they had them before."""
        self.check_access("read")
        unused = self.filtered(lambda card: card.retail_state == "unused")
        sendable = unused.filtered("partner_id.email")
        if not sendable:
            raise UserError(
                self.env._(
                    "Nothing to send: only unused coupons of members who have a mail address "
                    "are sent."
                )
            )
        sendable._retail_send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Coupons on their way: %(count)s.", count=len(sendable)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _retail_send(self):
        """Queue the mails of coupons, each in the language of its member."""
        # Who sends a coupon needs no right to write mails or cards.
        template = self.env.ref("retail_promo.mail_template_coupon").sudo()
        template.send_mail_batch(self.ids, email_layout_xmlid="mail.mail_notification_light")
        self.sudo().retail_sent_at = fields.Datetime.now()

    def action_retail_print(self):
        """Print coupons that still hold, to be cut out and handed over."""
        unused = self.filtered(lambda card: card.retail_state == "unused")
        if not unused:
            raise UserError(self.env._("None of these coupons can be used any more."))
        return self.env.ref("retail_promo.action_report_coupon").report_action(unused)

    def _retail_barcode(self):
        """Return the code as a picture of bars, a data URI; drawn by what needs no font."""
        self.ensure_one()
        drawing = createBarcodeDrawing("Code128", value=self.code, format="svg", barHeight=40)
        picture = base64.b64encode(drawing.asString("svg").encode()).decode()
        return f"data:image/svg+xml;base64,{picture}"

    def _retail_check_manager(self):
        self.check_access("read")
        if not (self.env.su or any(self.env.user.has_group(group) for group in MANAGERS)):
            raise AccessError(
                self.env._("Promotion managers and store managers manage coupons: ask one.")
            )
