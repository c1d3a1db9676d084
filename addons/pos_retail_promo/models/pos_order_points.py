"""Points of till orders: what was earned and used, extra points, and what is taken back."""

from odoo import fields, models
from odoo.addons.retail_promo.models.loyalty_card_points import NOTE, POINT_DIGITS
from odoo.addons.retail_promo.models.promotion_snapshot import member_of
from odoo.tools import float_round


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_points_most = fields.Integer(
        string="Use Points at Most",
        copy=False,
        readonly=True,
        help="How many points the customer wanted to pay with. 0: as many as the order took.",
    )

    def confirm_coupon_programs(self, coupon_data):
        """Say of the points that stock changes which sale they come from.

        Stock counts returned goods below zero where a rule has no minimum; what a refund takes
        back is reckoned from what the sale had earned, so that stock's part is left out.
        """
        programs = self.env["loyalty.program"].sudo()
        if self.refunded_order_id:
            coupon_data = {
                key: values
                for key, values in coupon_data.items()
                if programs.browse(values["program_id"]).program_type != "loyalty"
                or values["points"] > 0
            }
        note = self._retail_points_note(self.env._("Purchase"))
        result = super(PosOrder, self.with_context(**{NOTE: note})).confirm_coupon_programs(
            coupon_data
        )
        self._retail_points_tell_used(note)
        return result

    def _retail_points_note(self, reason):
        name = self.pos_reference or self.name
        return {"document": self._retail_promo_key(), "name": name, "reason": reason}

    def _retail_points_tell_used(self, note):
        """The till sends what is left of earned and used: tell them apart, once."""
        moves = self.env["retail.points.move"].sudo().search([("document", "=", note["document"])])
        # Cashiers have no right on cards and their book.
        for card, lines in self.sudo().lines.grouped("coupon_id").items():
            own = moves.filtered(lambda move, card=card: move.card_id == card)
            if card.program_type == "loyalty" and len(own) == 1:
                used = sum(lines.mapped("points_cost"))
                card._retail_split(own.points + used, used, **note)

    # === EXTRA POINTS, AND WHAT IS TAKEN BACK === #

    def _retail_promo_take(self):
        taken = super()._retail_promo_take()
        if self.refunded_order_id:
            self.refunded_order_id._retail_points_give_back()
        if self._retail_promo_sold():
            self._retail_points_extra()
        return taken

    def _retail_points_extra(self):
        """Make the extra points of promotions what the engine says of this sale."""
        index = self.env["retail.promotion"]._engine_index(self.company_id.id)
        promised = {program.id for program in index.programs if program.kind == "points"}
        member = member_of(self.partner_id)
        program = self.company_id._retail_points_program()
        if not (promised and member and program):
            return
        applied = self._retail_promo_applied()
        given = {entry["program"]: entry["points"] for entry in applied if "points" in entry}
        card = member._retail_point_card(program)
        for promotion in self.env["retail.promotion"].browse(sorted(given)):
            key = f"{self._retail_promo_key()},{promotion.id}"
            name = self.pos_reference or self.name
            card._retail_points_to(key, float(given[promotion.id]), name, promotion.name)

    def _retail_points_give_back(self):
        """Goods of this sale came back: its points are what the kept goods earn.

        May take a card below zero: the next purchase settles it. What points paid comes back as
        points, as far as it was taken off the refund.
        """
        back = self._retail_promo_came_back()
        name = self.pos_reference or self.name
        for (card, document), (_have, due) in self._retail_points_earned(back).items():
            card._retail_points_to(document, due, name)
        for card, (_have, due) in self._retail_points_used(back).items():
            card._retail_points_used_to(self._retail_promo_key(), due, name)

    def _retail_points_earned(self, back):
        """Return {(card, document): (points that the sale earned, those of what is kept)}.

        back: {line of the sale: units that came back}, here and below.
        """
        kept = self._retail_points_kept(back)
        key = self._retail_promo_key()
        domain = [
            ("kind", "=", "earned"),
            "|", ("document", "=", key), ("document", "=like", f"{key},%"),
        ]  # fmt: skip
        earned = (
            self.env["retail.points.move"]
            .sudo()
            ._read_group(domain, ["card_id", "document"], ["points:sum"])
        )
        return {
            (card, document): (points, float_round(points * kept, POINT_DIGITS))
            for card, document, points in earned
        }

    def _retail_points_used(self, back):
        """Return {card: (points that paid, those that stay used)}.

        A reward's line that is refunded, too, was taken off what is paid back: its points return.
        """
        # Cashiers have no right on cards.
        rewards = self.sudo().lines.filtered(
            lambda line: line.is_reward_line and line.coupon_id.program_type == "loyalty"
        )
        used = {}
        for line_set in rewards.grouped(
            lambda line: (line.coupon_id, line.reward_identifier_code)
        ).values():
            whole = sum(abs(line.price_unit * line.qty) for line in line_set)
            came = sum(abs(line.price_unit * back[line]) for line in line_set)
            part = max(0.0, 1.0 - came / whole) if whole else 1.0
            cost = sum(line_set.mapped("points_cost"))
            paid, stays = used.get(line_set.coupon_id, (0.0, 0.0))
            used[line_set.coupon_id] = (paid + cost, stays + float_round(cost * part, POINT_DIGITS))
        return used

    def _retail_points_kept(self, back):
        """Return the part of what the goods of this sale cost that the customer keeps."""
        goods = self._retail_promo_sold().filtered("qty")
        whole = sum(goods.mapped("price_subtotal_incl"))
        if not whole:
            return 1.0
        kept = sum(line.price_subtotal_incl * (1 - back[line] / line.qty) for line in goods)
        return max(0.0, min(1.0, kept / whole))
