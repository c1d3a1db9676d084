from odoo import api, fields, models
from odoo.tools import SQL

from . import stock_snapshot


class RetailStockPlace(models.Model):
    """What lies at a place: one row per product and internal location."""

    _name = "retail.stock.place"
    _description = "Stock by Place"
    _auto = False
    _rec_name = "product_id"
    _order = "default_code, id"

    product_id = fields.Many2one("product.product", readonly=True)
    default_code = fields.Char(string="Number", readonly=True)
    categ_id = fields.Many2one("product.category", string="Category", readonly=True)
    product_brand_id = fields.Many2one("product.brand", string="Brand", readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    location_id = fields.Many2one("stock.location", string="Place", readonly=True)
    stock_type = fields.Selection(selection="_selection_stock_type", readonly=True)
    quantity = fields.Float(string="On Hand", digits="Product Unit", readonly=True)
    reserved = fields.Float(digits="Product Unit", readonly=True)
    free = fields.Float(
        digits="Product Unit", readonly=True, help="On hand without what is reserved."
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    last_in = fields.Datetime(compute="_compute_last_moves", help="When goods last came here.")
    last_out = fields.Datetime(compute="_compute_last_moves", help="When goods last left.")

    @api.model
    def _selection_stock_type(self):
        location = self.env["stock.location"]
        return location._fields["retail_stock_type"]._description_selection(self.env)

    def _compute_last_moves(self):
        moves = stock_snapshot.last_moves(self.env, self.product_id.ids, self.location_id.ids)
        for place in self:
            found = moves.get((place.product_id.id, place.location_id.id), (False, False))
            place.last_in, place.last_out = found

    @property
    def _table_query(self):
        stock_snapshot.flush(self.env)
        return SQL(
            """
            SELECT MIN(quant.id) AS id,
                   quant.product_id,
                   quant.location_id,
                   product.default_code,
                   template.categ_id,
                   template.product_brand_id,
                   template.uom_id,
                   location.warehouse_id AS store_id,
                   location.retail_stock_type AS stock_type,
                   location.company_id,
                   SUM(quant.quantity) AS quantity,
                   SUM(quant.reserved_quantity) AS reserved,
                   SUM(quant.quantity - quant.reserved_quantity) AS free
              FROM stock_quant quant
              JOIN stock_location location ON location.id = quant.location_id
              JOIN product_product product ON product.id = quant.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE location.usage = 'internal'
             GROUP BY quant.product_id, quant.location_id, product.id, template.id, location.id
            """
        )
