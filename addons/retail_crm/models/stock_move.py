from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._fact_write_costs()
        return moves

    def _set_value(self, correction_quantity=None):
        result = super()._set_value(correction_quantity=correction_quantity)
        self.filtered(lambda move: move.state == "done")._fact_write_costs()
        return result

    def _fact_write_costs(self):
        """Fill the cost of sold lines whose goods have just been valued."""
        orders = self.sudo().sale_line_id.order_id.filtered(lambda order: order.state == "sale")
        orders._fact_event()
