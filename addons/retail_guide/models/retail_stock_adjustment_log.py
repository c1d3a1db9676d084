from odoo import fields, models
from odoo.tools import SQL


class RetailStockAdjustmentLog(models.Model):
    """All that was adjusted: by our documents, by stock's own counts, on product forms."""

    _name = "retail.stock.adjustment.log"
    _description = "Adjustment Log"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"

    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    direction = fields.Selection([("in", "In"), ("out", "Out")], readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    default_code = fields.Char(string="Number", readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    location_id = fields.Many2one("stock.location", string="Place", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    signed_qty = fields.Float(
        string="Change", digits="Product Unit", readonly=True, help="Less than 0: goods went out."
    )
    adjustment_id = fields.Many2one("retail.stock.adjustment", readonly=True)
    reason = fields.Selection(
        selection=lambda self: (
            self.env["retail.stock.adjustment"]._fields["reason"]._description_selection(self.env)
        ),
        readonly=True,
        help="Empty: counted in stock's own inventory.",
    )
    name = fields.Char(string="Text", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        for model in ("stock.move", "stock.move.line", "retail.stock.adjustment"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT line.id, line.date, COALESCE(document.done_by_id, line.create_uid) AS user_id,
                   line.product_id, product.default_code, place.id AS location_id,
                   place.warehouse_id AS store_id, move.company_id,
                   CASE WHEN went.came_in THEN 'in' ELSE 'out' END AS direction,
                   line.quantity_product_uom AS quantity,
                   CASE WHEN went.came_in THEN 1 ELSE -1 END * line.quantity_product_uom
                       AS signed_qty,
                   document.id AS adjustment_id, document.reason,
                   COALESCE(document.name, move.inventory_name) AS name
              FROM stock_move_line line
              JOIN stock_move move ON move.id = line.move_id AND move.is_inventory
              JOIN product_product product ON product.id = line.product_id
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location target ON target.id = line.location_dest_id
              CROSS JOIN LATERAL (SELECT source.usage = 'inventory' AS came_in) went
              JOIN stock_location place
                ON place.id = CASE WHEN went.came_in THEN target.id ELSE source.id END
              LEFT JOIN retail_stock_adjustment_line own ON own.id = move.retail_adjustment_line_id
              LEFT JOIN retail_stock_adjustment document ON document.id = own.adjustment_id
             WHERE line.state = 'done' AND line.quantity_product_uom != 0
               AND (source.usage = 'inventory') != (target.usage = 'inventory')
            """
        )
