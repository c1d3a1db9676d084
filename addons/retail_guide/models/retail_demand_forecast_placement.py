from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MIN_LIFT = 1.2  # times chance, from which two products stand well beside each other
MIN_BASKETS = 5  # with both, below which nothing is known
BESIDE = 3  # products named


class RetailDemandForecast(models.Model):
    """Where a product should stand: the zone of its sales, beside what is bought with it."""

    _inherit = "retail.demand.forecast"

    place_id = fields.Many2one(
        "stock.location",
        string="Stands In",
        compute="_compute_places",
        help="The place of the store that holds most of it.",
    )
    zone_place_id = fields.Many2one(
        "stock.location",
        string="Suggested Place",
        compute="_compute_places",
        help="A place of the store in the zone of its sales: zone A for A products.",
    )
    is_misplaced = fields.Boolean(
        string="To Be Moved",
        compute="_compute_places",
        search="_search_is_misplaced",
        help="It stands outside of the zone of its sales, and the store has such a zone.",
    )
    beside_ids = fields.Many2many(
        "product.product",
        string="Stands Well Beside",
        compute="_compute_beside_ids",
        help="Products that are bought with it far more often than by chance.",
    )

    def _compute_places(self):
        zones, held = self._zone_places(), self._held_places()
        for row in self:
            mine = held.get((row.store_id, row.product_id), self.env["stock.location"])
            suited = zones[row.store_id, row.abc]
            row.place_id = mine[:1]
            row.zone_place_id = (mine & suited or suited)[:1]
            row.is_misplaced = bool(mine and suited and not mine & suited)

    def _zone_places(self):
        """Return {(store, zone): its places, in their order}."""
        # Users of shops see where goods stand without a right on stock's settings.
        places = self.env["stock.location"].sudo()
        found = places.search(
            [
                ("warehouse_id", "in", self.store_id.ids),
                ("retail_zone", "!=", False),
                ("usage", "=", "internal"),
            ]
        )
        zones = defaultdict(places.browse)
        for place in found:
            zones[place.warehouse_id, place.retail_zone] |= place
        return zones

    def _held_places(self):
        """Return {(store, product): the places that hold it for sale, the fullest first}."""
        groups = (
            self.env["stock.quant"]
            .sudo()  # as above
            ._read_group(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("location_id.warehouse_id", "in", self.store_id.ids),
                    ("location_id.usage", "=", "internal"),
                    ("location_id.retail_stock_type", "!=", "defective"),
                ],
                ["product_id", "location_id"],
                ["quantity:sum"],
                having=[("quantity:sum", ">", 0)],
                order="quantity:sum desc, location_id",
            )
        )
        held = defaultdict(self.env["stock.location"].sudo().browse)
        for product, place, _quantity in groups:
            held[place.warehouse_id, product] |= place
        return held

    @api.model
    def _search_is_misplaced(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["stock.quant"].flush_model(["product_id", "location_id", "quantity"])
        self.env["stock.location"].flush_model(
            ["warehouse_id", "retail_zone", "usage", "retail_stock_type"]
        )
        # Has it a place at all, none in its zone, and has the store that zone?
        found = SQL(
            """(SELECT row.id
                  FROM retail_demand_forecast row
                  JOIN stock_quant quant ON quant.product_id = row.product_id
                  JOIN stock_location place ON place.id = quant.location_id
                   AND place.warehouse_id = row.store_id AND place.usage = 'internal'
                   AND place.retail_stock_type != 'defective'
                 WHERE quant.quantity > 0 AND EXISTS (
                       SELECT 1 FROM stock_location zone
                        WHERE zone.warehouse_id = row.store_id AND zone.usage = 'internal'
                          AND zone.active AND zone.retail_zone = row.abc)
                 GROUP BY row.id
                HAVING NOT BOOL_OR(COALESCE(place.retail_zone = row.abc, FALSE)))"""
        )
        domain = Domain("id", "in", found)
        return domain if True in value else ~domain

    def _compute_beside_ids(self):
        """Name what lift puts beside a product, of what the store holds."""
        neighbours = self.env["retail.recommendation.neighbour"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("lift", ">=", MIN_LIFT),
                ("basket_count", ">=", MIN_BASKETS),
                ("neighbour_id.active", "=", True),
            ],
            order="lift desc, id",
        )
        liked = defaultdict(list)
        for pair in neighbours:
            liked[pair.company_id, pair.product_id].append(pair.neighbour_id.id)
        stocked = {
            (row.store_id, row.product_id.id)
            for row in self.search(
                [
                    ("store_id", "in", self.store_id.ids),
                    ("product_id", "in", neighbours.neighbour_id.ids),
                    ("on_hand", ">", 0),
                ]
            )
        }
        for row in self:
            near = [
                product
                for product in liked[row.company_id, row.product_id]
                if (row.store_id, product) in stocked
            ]
            row.beside_ids = [fields.Command.set(near[:BESIDE])]
