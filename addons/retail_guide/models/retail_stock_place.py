from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import stock_snapshot

#: Ids of locations stay below this; the browser's whole numbers leave 2**29 for products.
MAX_PLACES = 2**24
#: A page is looked for among so many products more than it has rows, before all of stock is read.
SPARE_PRODUCTS = 1000
#: Longer pages (exports) read all of stock.
MAX_PAGE = 1000


class RetailStockPlace(models.Model):
    """What lies at a place: one row per product and internal location.

    The id is made of the two, not found by looking at all of stock: so a page is read again by its
    ids, and a product's places are found, without grouping what isn't asked for.
    """

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

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Group as little of stock as the question allows.

        Products by name and places by their parent are found first: only these are grouped then.
        """
        domain = Domain(domain).map_conditions(self._retail_known)
        if limit and offset + limit <= MAX_PAGE and order == self._order:
            domain &= self._retail_first_products(domain, offset + limit)
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _retail_first_products(self, domain, rows):
        """Return the domain of the products that come first, if these have so many rows.

        The order is that of the products' numbers, so no other product is on the page then.
        """
        if any(
            condition.field_expr in ("id", "product_id") for condition in domain.iter_conditions()
        ):
            return Domain.TRUE
        # As its own rows do, whatever products the user may see.
        products = self.env["product.product"].sudo().with_context(active_test=False)
        ids = products.search([], order="default_code, id", limit=rows + SPARE_PRODUCTS).ids
        first = Domain("product_id", "in", ids)
        enough = super()._search(domain & first, 0, rows)
        return first if len(enough) == rows else Domain.TRUE

    def _retail_known(self, condition):
        """Return the condition with the ids that it means."""
        field, operator, value = condition.field_expr, condition.operator, condition.value
        if (field, operator) == ("product_id", "ilike"):
            found = Domain("display_name", operator, value)
        elif (field, operator) == ("location_id", "child_of"):
            found = Domain("id", operator, value)
        else:
            return condition
        records = self.env[self._fields[field].comodel_name].with_context(active_test=False)
        return Domain(field, "in", records.search(found).ids)

    @property
    def _table_query(self):
        stock_snapshot.flush(self.env)
        return SQL(
            """
            SELECT stock.product_id::bigint * %(places)s + stock.location_id AS id,
                   stock.product_id,
                   stock.location_id,
                   product.default_code,
                   template.categ_id,
                   template.product_brand_id,
                   template.uom_id,
                   stock.store_id,
                   stock.stock_type,
                   stock.company_id,
                   stock.quantity,
                   stock.reserved,
                   stock.quantity - stock.reserved AS free
              FROM (
                    SELECT quant.product_id,
                           quant.location_id,
                           location.warehouse_id AS store_id,
                           location.retail_stock_type AS stock_type,
                           location.company_id,
                           SUM(quant.quantity) AS quantity,
                           SUM(quant.reserved_quantity) AS reserved
                      FROM stock_quant quant
                      JOIN stock_location location ON location.id = quant.location_id
                     WHERE location.usage = 'internal'
                     GROUP BY quant.product_id, quant.location_id, location.id
                   ) stock
              LEFT JOIN product_product product ON product.id = stock.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            places=MAX_PLACES,
        )
