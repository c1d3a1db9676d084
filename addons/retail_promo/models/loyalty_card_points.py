"""Each change of a card's points is written down, whoever makes it."""

from odoo import api, fields, models
from odoo.tools import float_is_zero, float_round

# In the context: how the changes are written down, see `_retail_note`. False: not at all.
NOTE = "retail_points_note"
MOVED = {"up": "moved", "down": "moved"}
EARNING = ("earned", "clawed")
USING = ("used",)
POINT_DIGITS = 2
RAW_DIGITS = 6  # what is noted sums to what stands on the card, also after odd rules


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    retail_move_ids = fields.One2many(
        "retail.points.move", "card_id", string="Points Movements", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._retail_note({})
        return cards

    def write(self, vals):
        if "points" not in vals:
            return super().write(vals)
        before = {card.id: card.points for card in self}
        result = super().write(vals)
        self._retail_note(before, given_up=vals.get("active") is False)
        return result

    def _retail_note(self, before, given_up=False):
        """Write down what changed; before: {card id: points}.

        The context says how: {up, down: kinds, document, name, reason}, all optional.
        """
        note = self.env.context.get(NOTE, {})
        if note is False:
            return
        up, down = note.get("up", "earned"), note.get("down", "expired" if given_up else "used")
        told = {name: note.get(name) for name in ("document", "name", "reason")}
        moves = self.env["retail.points.move"]
        for card in self.filtered(lambda card: card.program_type == "loyalty"):
            change = float_round(card.points - before.get(card.id, 0.0), RAW_DIGITS)
            if not float_is_zero(change, RAW_DIGITS):
                moves._note(card, change, up if change > 0 else down, **told)

    def _retail_noted(self, **note):
        """Return the cards with how their next changes are written down."""
        return self.with_context(**{NOTE: note})

    def _retail_split(self, earned, used, **note):
        """A sale's points were written down in one: tell what of them was earned and used.

        earned, used: points of the sale, both above zero. Sums stay what they are.
        """
        both = min(earned, used)
        if float_is_zero(both, RAW_DIGITS):
            return
        moves = self.env["retail.points.move"]
        up, down = note.pop("up", "earned"), note.pop("down", "used")
        moves._note(self, both, up, **note)
        moves._note(self, -both, down, **note)

    def _retail_points_to(self, document, target, name, reason=None):
        """Make what a document earned on this card, less what was taken back, the target.

        May take the card below zero: what is earned next settles it. Asked twice, it changes
        nothing. A member merged meanwhile answers with the card that was kept.
        """
        self._retail_book_to(EARNING, document, target, name, reason)

    def _retail_points_used_to(self, document, used, name, reason=None):
        """Make what a document used of this card, less what came back, so many points (>= 0)."""
        self._retail_book_to(USING, document, -used, name, reason)

    def _retail_book_to(self, kinds, document, target, name, reason):
        """Make the sum of a document's movements of these kinds the target; see above."""
        moves = self.env["retail.points.move"].sudo()
        card = self._retail_live_card()
        domain = [("document", "=", document), ("kind", "in", kinds)]
        own = [*domain, ("card_id", "in", (self | card).ids)]
        have = sum(moves.search(own).mapped("points"))
        change = float_round(target - have, POINT_DIGITS)
        if float_is_zero(change, POINT_DIGITS):
            return
        card._retail_lock()
        reason = reason or self.env._("Goods came back")
        up = kinds[0] if have <= 0 else kinds[-1]
        card._retail_noted(
            up=up, down=kinds[-1], document=document, name=name, reason=reason
        ).sudo().write({"points": card.points + change})
        values = {"issued": change} if change > 0 else {"used": -change}
        card._retail_write_history(f"{name}: {reason}", **values)

    def _retail_live_card(self):
        """Return the card that took over the points of this one when members were merged."""
        if self.active or not self.partner_id:
            return self
        # The system finds the card, whoever makes the refund.
        live = self.sudo().search(
            [("partner_id", "=", self.partner_id.id), ("program_id", "=", self.program_id.id)],
            limit=1,
        )
        return live or self

    def _retail_follow_merge(self):
        """Stock changed the points of a card that was merged into another one: pass them on."""
        live = self._retail_live_card()
        if live == self or float_is_zero(self.points, RAW_DIGITS):
            return
        points = self.points
        # As above: the system's.
        self.with_context(**{NOTE: MOVED}).sudo().points = 0.0
        live.with_context(**{NOTE: MOVED}).sudo().points += points
