from odoo import models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _retail_promo_is_goods(self):
        """What was paid with points is no goods, in the refund neither."""
        return super()._retail_promo_is_goods() and not self.refunded_orderline_id.is_reward_line
