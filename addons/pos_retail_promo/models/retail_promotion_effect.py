from odoo import api, models
from odoo.tools import SQL


class RetailPromotionEffect(models.Model):
    _inherit = "retail.promotion.effect"

    _depends = {"pos.order.line": ["sale_order_line_id", "order_id"]}

    @api.model
    def _baskets_sql(self):
        """What a till settled of an order is sold in the basket of the receipt."""
        return SQL(
            """
            %s
             UNION
            SELECT granted.document, 'pos.order,' || paid.order_id AS basket
              FROM granted
              JOIN sale_order_line line ON 'sale.order,' || line.order_id = granted.document
              JOIN pos_order_line paid ON paid.sale_order_line_id = line.id
            """,
            super()._baskets_sql(),
        )
