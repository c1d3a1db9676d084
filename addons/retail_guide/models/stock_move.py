from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    retail_adjustment_line_id = fields.Many2one(
        "retail.stock.adjustment.line",
        string="Adjustment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _action_done(self, cancel_backorder=False):
        """Look at the alarms of what moved: one statement per transfer."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if moves:
            # Whoever moves goods need not see alarms.
            self.env["retail.stock.alarm"].sudo()._check(product_ids=moves.product_id.ids)
        return moves
