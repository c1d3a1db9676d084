from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from .. import guide_engine as engine
from . import recommendation_snapshot as snapshot

#: No caller gets more than this.
MAX_LIMIT = 100
#: Ranked beyond the limit, for the case that the caller may not see a product.
SPARE = 10
#: What names and prices need: a product has a hundred columns more.
PRODUCT_COLUMNS = ("product_tmpl_id", "default_code", "active")
TEMPLATE_COLUMNS = ("name", "list_price", "uom_id", "company_id", "categ_id", "type")


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    @api.readonly
    def retail_recommend(self, partner_id=False, basket=None, store_id=False, limit=8):
        """Return what to recommend next, the best first, each with its reason.

        Only products that the store has free (the company when no store is given), that are for
        sale, not in the basket and not refused by the member. At most eight queries, however
        long the member's history is.

        :param int partner_id: the member; none for a stranger
        :param list basket: ids of the products (``product.product``) in the basket
        :param int store_id: the store (``stock.warehouse``); its company's sales are learned from
        :param int limit: how many at most
        :return: list of ``{"product_id", "score", "reason", "text"}``; ``reason`` is "repeat",
            "basket", "history" or "popular", ``text`` says it in the user's language
        :raise AccessError: the caller may not see the member, the store or recommendations
        """
        return self._retail_recommend(partner_id, basket, store_id, limit)[0]

    @api.model
    @api.readonly
    def retail_recommend_cards(
        self, partner_id=False, basket=None, store_id=False, pricelist_id=False, limit=8
    ):
        """Return recommendations as ``retail_recommend`` does, with what a card shows.

        Besides: "name" and "display_name" (without and with the code), "price" (of the
        pricelist, for one unit), "currency_id" and "free_qty" (False for what isn't kept in
        stock).
        """
        found, free = self._retail_recommend(partner_id, basket, store_id, limit)
        products = self.browse(item["product_id"] for item in found)
        pricelist = self.env["product.pricelist"].browse(pricelist_id or [])
        pricelist.check_access("read")
        self.env.company.fetch(["currency_id"])
        currency = pricelist.currency_id or self.env.company.currency_id
        prices = pricelist._get_products_price(products, 1.0, currency=currency)
        for item, product in zip(found, products, strict=True):
            quantity = free[product.id]
            item.update(
                display_name=product.display_name,
                name=product.with_context(display_default_code=False).display_name,
                price=prices[product.id],
                currency_id=currency.id,
                free_qty=False if quantity is None else quantity,
            )
        return found

    # === STEPS === #

    @api.model
    def _retail_recommend(self, partner_id, basket, store_id, limit):
        """Return (list of ``retail_recommend``, {product id: free quantity, None when unkept})."""
        self.env["retail.recommendation.neighbour"].check_access("read")
        partner, store = self._retail_member(partner_id), self._retail_store(store_id)
        company = store.company_id or self.env.company
        basket = list(dict.fromkeys(basket or []))
        history = (
            snapshot.member_history(self.env, company, partner) if partner else snapshot.NO_HISTORY
        )
        limit = max(0, min(limit, MAX_LIMIT))
        ranked, free = self._retail_rank(history, basket, company, store, partner, limit)
        names = self._retail_names({item.product for item in ranked} | _becauses(ranked))
        found = [
            {
                "product_id": item.product,
                "score": item.score,
                "reason": item.reason,
                "text": self._retail_reason_text(item, names, history.bought),
            }
            for item in ranked
            if item.product in names and (not item.because or item.because in names)
        ]
        return found[:limit], free

    @api.model
    def _retail_member(self, partner_id):
        """Return the commercial partner, which facts name; the caller must be able to see it."""
        partner = self.env["res.partner"]
        if partner_id:
            partner = partner.search_fetch([("id", "=", partner_id)], ["commercial_partner_id"])
            if not partner:
                raise AccessError(self.env._("You may not see this member's purchases."))
        return partner.commercial_partner_id

    @api.model
    def _retail_store(self, store_id):
        store = self.env["stock.warehouse"]
        if store_id:
            store = store.search_fetch([("id", "=", store_id)], ["company_id", "view_location_id"])
            if not store:
                raise AccessError(self.env._("You may not see this store."))
        return store

    @api.model
    def _retail_names(self, product_ids):
        """Return {id: name} of those products that the caller's own rules let through."""
        everything = self.with_context(active_test=False)
        domain = [("id", "in", list(product_ids))]
        products = everything.search_fetch(domain, PRODUCT_COLUMNS, order="id")
        products.product_tmpl_id.fetch(TEMPLATE_COLUMNS)
        return {product.id: product.product_tmpl_id.name for product in products}

    @api.model
    def _retail_rank(self, history, basket, company, store, partner, limit):
        """Return (ranked products that can be sold now, {product id: free quantity}).

        A few more than the limit: the caller's own rules on products come after.
        """
        learned = snapshot.learned(self.env, company, store, {*basket, *history.seeds})
        tastes, liked = None, ()
        if history.bought and learned.tastes_id:
            tastes = self.env["retail.recommendation.model"]._tastes(learned.tastes_id)
            liked = snapshot.akin(tastes, list(history.bought))
        products = {*learned.table.neighbour.tolist(), *history.bought, *liked}
        free = snapshot.free_quantities(
            self.env, company, store, products.union(learned.popularity), partner
        )
        shelf = snapshot.shelf(learned.popularity, products, allowed=free)
        options = engine.Options(limit=limit + SPARE if limit else 0)
        ranked = engine.score(history.purchases, basket, shelf, learned.table, tastes, options)
        return ranked, free

    @api.model
    def _retail_reason_text(self, item, names, bought):
        """Say in the caller's language why the product is recommended."""
        if item.reason == "repeat":
            times, day = bought[item.product]
            date = format_date(self.env, day)
            if times == 1:
                return self.env._("You bought it on %(date)s", date=date)
            return self.env._(
                "You bought it %(count)s times, last on %(date)s", count=times, date=date
            )
        if item.reason == "basket":
            return self.env._("Often bought with %(product)s", product=names[item.because])
        if item.reason == "history":
            return self.env._(
                "Goes with %(product)s, which you bought", product=names[item.because]
            )
        return self.env._("Popular in this store")


def _becauses(ranked):
    """Return the ids of the products that the reasons name."""
    return {item.because for item in ranked if item.because}
