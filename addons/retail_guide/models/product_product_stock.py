from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from . import stock_snapshot

#: Stores named in the list of products; the form names all of them.
NEARBY = 3


class ProductProduct(models.Model):
    _inherit = "product.product"

    retail_here_on_hand = fields.Float(
        string="On Hand Here",
        digits="Product Unit",
        compute="_compute_retail_stock",
        help="What lies in your store, reserved or not.",
    )
    retail_here_free = fields.Float(
        string="Free Here",
        digits="Product Unit",
        compute="_compute_retail_stock",
        search="_search_retail_here_free",
        help="What lies in your store, is neither reserved nor defective.",
    )
    retail_elsewhere_free = fields.Float(
        string="Free Elsewhere", digits="Product Unit", compute="_compute_retail_stock"
    )
    retail_elsewhere = fields.Char(
        string="Where Else",
        compute="_compute_retail_stock",
        help="The nearest stores that have it free.",
    )

    # === THE LIST === #

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_retail_stock(self):
        """Fill the figures of a page by one statement."""
        here, stores = self._retail_asking_store(), self._retail_stores()
        nearest = here._retail_nearest(stores)
        stock = stock_snapshot.by_store(self.env, self.ids, self.env.companies.ids)
        for product in self:
            product.retail_here_on_hand, product.retail_here_free = stock.get(
                (product._origin.id, here.id), (0.0, 0.0)
            )
            free = [
                (store, stock[product._origin.id, store.id][1])
                for store, _kilometres in nearest
                if stock.get((product._origin.id, store.id), (0.0, 0.0))[1] > 0
            ]
            product.retail_elsewhere_free = sum(quantity for _store, quantity in free)
            product.retail_elsewhere = ", ".join(
                f"{store.name} {quantity:g}" for store, quantity in free[:NEARBY]
            )

    def _search_retail_here_free(self, operator, value):
        """Find what the user's store has free; other comparisons than "> 0" aren't offered."""
        if (operator, value) != (">", 0):
            return NotImplemented
        stock_snapshot.flush(self.env)
        store = self._retail_asking_store()
        held = SQL(
            """(SELECT quant.product_id
                  FROM stock_quant quant
                  JOIN stock_location location ON location.id = quant.location_id
                 WHERE location.warehouse_id = %s AND location.usage = 'internal'
                   AND location.retail_stock_type != 'defective'
                 GROUP BY quant.product_id
                HAVING SUM(quant.quantity - quant.reserved_quantity) > 0)""",
            store.id or None,
        )
        return Domain("id", "in", held)

    @api.model
    def _retail_asking_store(self):
        """Return the user's own store, if it belongs to a company at work."""
        store = self.env.user.retail_store_id
        return store if store.company_id in self.env.companies else store.browse()

    @api.model
    def _retail_stores(self):
        return self.env["stock.warehouse"].search(
            [("is_store", "=", True), ("company_id", "in", self.env.companies.ids)]
        )

    # === ONE PRODUCT === #

    @api.readonly
    def retail_stock_answer(self, store_id=False):
        """Return what a guide tells a customer who asks for the product.

        As many queries, about twenty, whatever the number of stores, places and moves.

        :param int store_id: the store that is asked; the user's own one when not given
        :return: dict of "product_id", "name", "uom", "storable", "here" (a store, see below, or
            False), "stores" (the others, nearest first), "places" of the store that is asked
            (name, stock_type, on_hand, reserved, free, last_in, last_out), "order_days" (the
            shortest lead time of a supplier, False when none is known) and "order_date". A store
            is {store_id, name, region, kilometres, on_hand, free, expected_date, expected_qty,
            request}, where request is the user's own open request for a transfer from there, and
            can_request tells whether one may be made. Times are UTC.
        :raise AccessError: the user may not see the product or the store
        """
        self.ensure_one()
        self.check_access("read")
        stores = self._retail_stores()
        here = stores.browse(store_id) if store_id else self._retail_asking_store()
        if here not in stores and here:
            raise AccessError(self.env._("You may not see this store."))
        companies = self.env.companies.ids
        stock = stock_snapshot.by_store(self.env, self.ids, companies)
        coming = stock_snapshot.expected(self.env, self.id, companies)
        asked = self.env["retail.transfer.request"]._open_requests(self, here)
        rows = [
            self._retail_store_row(store, kilometres, stock, coming, asked)
            for store, kilometres in [(here, None)] * bool(here) + here._retail_nearest(stores)
        ]
        days = self._retail_order_days()
        return {
            "product_id": self.id,
            "name": self.display_name,
            "uom": self.uom_id.name,
            "storable": self.is_storable,
            "here": rows.pop(0) if here else False,
            "stores": rows,
            "places": self._retail_places(here),
            "order_days": days,
            "order_date": days is not False
            and fields.Date.to_string(fields.Date.context_today(self) + timedelta(days=days)),
            "can_request": self.is_storable
            and self.env["retail.transfer.request"]._may_request(here),
        }

    def _retail_store_row(self, store, kilometres, stock, coming, asked):
        on_hand, free = stock.get((self.id, store.id), (0.0, 0.0))
        date, quantity = coming.get(store.id, (None, 0.0))
        request = asked.get(store.id)
        return {
            "store_id": store.id,
            "name": store.name,
            "region": store.retail_region_id.name or "",
            "kilometres": False if kilometres is None else round(kilometres, 1),
            "on_hand": on_hand,
            "free": free,
            "expected_date": fields.Datetime.to_string(date) if date else False,
            "expected_qty": float(quantity),
            "request": request
            and {"id": request.id, "name": request.name, "quantity": request.quantity},
        }

    def _retail_places(self, store):
        """Return the places of a store where the product lies or should lie."""
        if not store:
            return []
        places = self.env["retail.stock.place"].search(
            [("product_id", "=", self.id), ("store_id", "=", store.id)], order="id"
        )
        return [
            {
                "name": place.location_id.display_name,
                "stock_type": place.stock_type,
                "on_hand": place.quantity,
                "reserved": place.reserved,
                "free": place.free,
                "last_in": fields.Datetime.to_string(place.last_in),
                "last_out": fields.Datetime.to_string(place.last_out),
            }
            for place in places
        ]

    def _retail_order_days(self):
        """Return the days in which the quickest supplier delivers, False when none is known."""
        sellers = self.seller_ids.filtered(
            lambda seller: not seller.product_id or seller.product_id == self
        )
        return min(sellers.mapped("delay"), default=False)

    def retail_request_transfer(self, source_store_id, store_id, quantity=1.0):
        """Ask another store for goods; return {"id", "name", "quantity", "new"}.

        Whoever asks twice for the same product of the same store gets the first request back.

        :raise UserError: there isn't so much free, or one of the stores is none
        """
        self.ensure_one()
        self.check_access("read")
        stores = self._retail_stores()
        if not {source_store_id, store_id} <= set(stores.ids):
            raise UserError(self.env._("Choose two stores of your company."))
        request, new = self.env["retail.transfer.request"]._request(
            self, stores.browse(source_store_id), stores.browse(store_id), quantity
        )
        return {
            "id": request.id,
            "name": request.name,
            "quantity": request.quantity,
            "new": new,
        }
