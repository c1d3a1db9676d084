from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, float_round

from .loyalty_card_points import NOTE, POINT_DIGITS
from .promotion_snapshot import member_of


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_coupon_ids = fields.One2many(
        "loyalty.card",
        "partner_id",
        string="Coupons",
        domain=[("retail_promotion_id", "!=", False)],
        groups="sales_team.group_sale_salesman",
    )
    retail_points_move_ids = fields.One2many(
        "retail.points.move",
        "partner_id",
        string="Points Movements",
        groups="sales_team.group_sale_salesman",
    )

    # === POINTS === #

    def _retail_points(
        self, points, origin, reason, kind=None, document=None, program=None, overdraw=False
    ):
        """Give a member points, or take them away (below zero); return the retail.points.move.

        origin: what they come from, a record or a text; reason: said to the member.
        kind: "earned", "used", "expired" or "clawed"; by default earned or used, by the sign.
        document: a key of your own. A second call with the same key, kind and program changes
        nothing and returns the first movement, so that a repeated request is no harm.
        program: a loyalty.program, by default the company's points program (`env.company`).
        overdraw: points below zero are allowed, as when goods come back.
        Raises UserError: no member, no points program, not enough points. Checks no right.
        """
        self.ensure_one()
        program = program or self.env.company._retail_points_program(required=True)
        kind = kind or ("earned" if points > 0 else "used")
        card = self._retail_point_card(program)
        moves = self.env["retail.points.move"].sudo()
        if document:
            done = moves.search(
                [
                    ("document", "=", document),
                    ("kind", "=", kind),
                    ("program_id", "=", program.id),
                ],
                limit=1,
            )
            if done:
                return done
        points = float_round(points, POINT_DIGITS)
        if points < 0 and not overdraw:
            self._retail_check_points(card, -points)
        name = origin if isinstance(origin, str) else origin.display_name
        card._retail_noted(up=kind, down=kind, document=document, name=name, reason=reason).write(
            {"points": card.points + points}
        )
        card._retail_write_history(
            reason, **({"issued": points} if points > 0 else {"used": -points})
        )
        return moves.search([("card_id", "=", card.id)], limit=1)

    def _retail_check_points(self, card, wanted):
        """Refuse to take more than a card has, with the numbers."""
        if float_compare(card.points, wanted, POINT_DIGITS) < 0:
            raise UserError(
                self.env._(
                    "Not enough points: %(member)s has %(points)g, and %(wanted)g are needed.",
                    member=self.display_name,
                    points=card.points,
                    wanted=wanted,
                )
            )

    def _retail_point_card(self, program):
        """Return the member's card of a points program, locked; a new one where there is none."""
        member = member_of(self)
        if not member:
            raise UserError(
                self.env._(
                    "%(name)s is no member: only members have points. Enrol the customer first.",
                    name=self.display_name,
                )
            )
        # Two sales of a new member at once make one card.
        self.env.cr.execute(
            SQL("SELECT id FROM res_partner WHERE id = %s FOR NO KEY UPDATE", member.id)
        )
        # Whoever sells or redeems needs no right on loyalty cards.
        cards = self.env["loyalty.card"].sudo()
        card = cards.search(
            [("partner_id", "=", member.id), ("program_id", "=", program.id)], limit=1
        )
        if not card:
            card = cards.with_context(tracking_disable=True).create(
                {"partner_id": member.id, "program_id": program.id, "points": 0.0}
            )
        card._retail_lock()
        return card.with_context(tracking_disable=True)

    # === MERGE === #

    def _retail_merge_cards(self, loser):
        """The movements go along with the points: they keep their days, by which they expire."""
        done = super(ResPartner, self.with_context(**{NOTE: False}))._retail_merge_cards(loser)
        # The book is the system's.
        moves = self.env["retail.points.move"].sudo()
        for entry in done:
            own = moves.search([("card_id", "=", entry["card"])])
            entry["moves"] = own.ids
            own.write({"card_id": entry["into"]})
        return done

    def _retail_references_changed(self):
        """What the members took from promotions counts for who has the sales now."""
        self.env["retail.promotion.counter"]._rebuild_members(self)
        return super()._retail_references_changed()
