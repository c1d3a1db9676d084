from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import promotion_snapshot as snapshot


class RetailPointsMove(models.Model):
    """Points that came to or left a card: the book that balances are proved by.

    One row for each change of a card's points, whoever makes it, so that the rows of a card
    always sum to its balance. Written by the system only and never changed; a merge of members
    takes the rows along with the points.
    """

    _name = "retail.points.move"
    _description = "Points Movement"
    _order = "id desc"
    _rec_name = "name"

    card_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        related="card_id.partner_id", string="Member", store=True, index="btree_not_null"
    )
    program_id = fields.Many2one(
        "loyalty.program", string="Points Program", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    day = fields.Date(required=True, readonly=True, index=True, help="In the company's time zone.")
    kind = fields.Selection(
        [
            ("earned", "Earned"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("clawed", "Taken Back"),
            ("moved", "Moved"),
        ],
        required=True,
        readonly=True,
        help="Taken back: what was earned on goods that came back. Moved: from one member to "
        "another when two were one person after all.",
    )
    points = fields.Float(required=True, readonly=True, help="Below zero: they left the card.")
    document = fields.Char(
        string="Document ID", readonly=True, index="btree_not_null",
        help="Model and number of what they came from.",
    )  # fmt: skip
    name = fields.Char(string="Document", readonly=True)
    reason = fields.Char(readonly=True)
    posting_id = fields.Many2one(
        "retail.points.posting", string="Posted With", readonly=True, index="btree_not_null"
    )

    @api.model
    def _note(self, card, points, kind, document=None, name=None, reason=None):
        """Write down that a card got points (below zero: lost them)."""
        company = card.company_id or self.env.company
        tz_name = self.env["stock.warehouse"]._get_retail_tz(company)
        # The book is the system's; whoever sells or redeems writes it.
        return self.sudo().create(
            {
                "card_id": card.id,
                "program_id": card.program_id.id,
                "company_id": company.id,
                "day": date.fromisoformat(snapshot.wall_clock(fields.Datetime.now(), tz_name)[:10]),
                "kind": kind,
                "points": points,
                "document": document,
                "name": name,
                "reason": reason,
            }
        )

    @api.model
    def _repair(self, company):
        """Write down what cards have and the book doesn't tell: from before there was a book."""
        self.flush_model()
        self.env["loyalty.card"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT card.id, COALESCE(card.points, 0) - COALESCE(SUM(move.points), 0) AS gap
                  FROM loyalty_card card
                  JOIN loyalty_program program ON program.id = card.program_id
                  LEFT JOIN retail_points_move move ON move.card_id = card.id
                 WHERE program.program_type = 'loyalty'
                   AND COALESCE(program.company_id, %(company)s) = %(company)s
              GROUP BY card.id
                HAVING ABS(COALESCE(card.points, 0) - COALESCE(SUM(move.points), 0)) > 0.000001
              ORDER BY card.id
                """,
                company=company.id,
            )
        )
        cards = self.env["loyalty.card"].sudo()
        reason = self.env._("Balance brought forward")
        for card_id, gap in rows:
            kind = "earned" if gap > 0 else "used"
            self.with_company(company)._note(cards.browse(card_id), gap, kind, reason=reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Movements of points are kept: write an opposite one."))
