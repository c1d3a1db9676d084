"""Codes that many may use: one code on a flyer, so often in all and by each member.

Each use is a row of retail.coupon.use, made under the lock of the code; so is what a till holds
for an order that isn't paid yet. All other coupons hold once.
"""

from odoo import api, fields, models
from odoo.fields import Domain


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    retail_shared = fields.Boolean(
        string="For Many Uses", readonly=True, help="One code that is handed to many."
    )
    retail_uses_most = fields.Integer(
        string="Uses in All", readonly=True, help="0: as many as come."
    )
    retail_uses_member = fields.Integer(
        string="Uses per Member",
        readonly=True,
        help="Holds for members only then. 0: it doesn't matter who uses it.",
    )
    retail_use_ids = fields.One2many(
        "retail.coupon.use", "card_id", string="Uses", domain=[("used_at", "!=", False)]
    )
    retail_use_count = fields.Integer(
        string="Times Used", readonly=True, help="Kept here for its lock: each use changes it."
    )

    _retail_uses_positive = models.Constraint(
        "CHECK(retail_uses_most >= 0 AND retail_uses_member >= 0)",
        "A code can't be used less than no times.",
    )

    def _retail_uses(self, domain=()):
        """Return the uses of these codes and what tills still hold of them."""
        # Whoever sells needs no right on the book of uses.
        living = Domain("used_at", "!=", False) | Domain("held_until", ">", fields.Datetime.now())
        return (
            self.env["retail.coupon.use"]
            .sudo()
            .search(Domain("card_id", "in", self.ids) & living & Domain(list(domain)))
        )

    # === WHETHER IT CAN BE USED === #

    def _retail_refusal(self, moment, partner, document):
        if not self.retail_shared:
            return super()._retail_refusal(moment, partner, document)
        if not self.retail_cancelled_at and self._retail_is_used_by(document):
            return None
        reason = super()._retail_refusal(moment, partner, document)
        if reason and reason != "used":
            return reason
        others = self._retail_uses([("document", "!=", document)])
        if self.retail_uses_most and len(others) >= self.retail_uses_most:
            held = len(others.filtered("used_at")) < self.retail_uses_most
            return "held" if held else "used_up"
        if self.retail_uses_member:
            member = partner.commercial_partner_id
            if not member.is_member:
                return "members_only"
            own = others.filtered(lambda use: use.partner_id == member)
            if len(own) >= self.retail_uses_member:
                return "member_used"
        return None

    def _retail_refusal_text(self, reason):
        _ = self.env._
        code = self.code
        if reason == "used_up":
            return _(
                "Code %(code)s was used %(count)s times: that was all there were.",
                code=code,
                count=self.retail_uses_most,
            )
        if reason == "member_used":
            return _(
                "This member has used code %(code)s %(count)s times, more isn't possible.",
                code=code,
                count=self.retail_uses_member,
            )
        if reason == "members_only":
            return _("Code %(code)s is for members: choose the customer.", code=code)
        return super()._retail_refusal_text(reason)

    # === USING AND RETURNING === #

    def _retail_use_up(self, document, name, partner, moment):
        shared = self.filtered("retail_shared")
        result = super(LoyaltyCard, self - shared)._retail_use_up(document, name, partner, moment)
        for card in shared:
            card._retail_note_use(
                document,
                {
                    "document_name": name,
                    "partner_id": partner.commercial_partner_id.id,
                    "used_at": moment,
                    "held_until": False,
                },
            )
            card._retail_write_history(self.env._("Used at %(order)s", order=name), used=1.0)
        shared._retail_count_uses()
        return result

    def _retail_is_used_by(self, document):
        if not self.retail_shared:
            return super()._retail_is_used_by(document)
        return bool(self._retail_uses([("document", "=", document), ("used_at", "!=", False)]))

    def _retail_note_use(self, document, values):
        """Write down what a sale has of this code, in its one row."""
        rows = self.env["retail.coupon.use"].sudo()
        row = rows.search([("card_id", "=", self.id), ("document", "=", document)])
        if row:
            row.write(values)
        else:
            rows.create({"card_id": self.id, "document": document, **values})

    def _retail_count_uses(self):
        """A code whose uses are all gone is used, until one of them comes back."""
        for card in self:
            count = len(card._retail_uses([("used_at", "!=", False)]))
            left = card.retail_uses_most - count
            gone = card.retail_uses_most and left <= 0
            values = {"retail_use_count": count}
            if not card.retail_cancelled_at:
                values["retail_used_at"] = fields.Datetime.now() if gone else False
                values["points"] = max(0.0, left) if card.retail_uses_most else 1.0
            card.write(values)

    def _retail_is_held(self, document):
        # Claims to a shared code are rows of their own.
        return not self.retail_shared and super()._retail_is_held(document)

    def _retail_hold(self, document, seconds, partner):
        # The card is written, too: who waits for its lock must see that something changed.
        result = super()._retail_hold(document, seconds, partner)
        for card in self.filtered("retail_shared"):
            card._retail_note_use(
                document,
                {
                    "held_until": card.retail_held_until,
                    "partner_id": partner.commercial_partner_id.id,
                },
            )
        return result

    @api.model
    def _retail_free(self, documents):
        result = super()._retail_free(documents)
        self.env["retail.coupon.use"].sudo().search(
            [("document", "in", documents), ("used_at", "=", False)]
        ).unlink()
        return result

    @api.model
    def _retail_return(self, documents):
        result = super()._retail_return(documents)
        uses = self.env["retail.coupon.use"].sudo().search([("document", "in", documents)])
        cards = uses.card_id
        cards._retail_lock()
        for use in uses.filtered("used_at"):
            use.card_id._retail_write_history(
                self.env._("%(order)s came back", order=use.document_name), issued=1.0
            )
        uses.unlink()
        cards._retail_count_uses()
        return result
