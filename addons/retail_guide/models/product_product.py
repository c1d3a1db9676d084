import numpy as np

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date

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
    def retail_recommend(
        self, partner_id=False, basket=None, store_id=False, limit=8, instead_of=False
    ):
        """Return what to recommend next, or instead of a product, the best first, with reasons.

        Only products that the store has free (the company when no store is given), that are for
        sale, not in the basket and not refused by the member. At most eight queries (nine for
        alternatives), however long the member's history is. See docs/recommend_api.md.

        :param int partner_id: the member; none for a stranger
        :param list basket: ids of the products (``product.product``) in the basket
        :param int store_id: the store (``stock.warehouse``); its company's sales are learned from
        :param int limit: how many at most
        :param int instead_of: a product; alternatives to it are returned: the same category, a
            similar price, bought with the same things
        :return: list of ``{"product_id", "score", "reason", "text"}``; ``reason`` is "repeat",
            "basket", "history", "popular" or "instead", ``text`` says it in the user's language;
            ``"held_out": True`` is in each item of a member who, for the measurement of what
            recommendations bring, gets popular products only
        :raise AccessError: the caller may not see the member, the store or recommendations
        :raise UserError: an argument is of the wrong kind
        """
        return self._retail_recommend(partner_id, basket, store_id, limit, instead_of)[0]

    @api.model
    @api.readonly
    def retail_recommend_cards(
        self,
        partner_id=False,
        basket=None,
        store_id=False,
        pricelist_id=False,
        limit=8,
        instead_of=False,
    ):
        """Return recommendations as ``retail_recommend`` does, with what a card shows.

        Besides: "name" and "display_name" (without and with the code), "price" (of the
        pricelist, for one unit), "currency_id" and "free_qty" (False for what isn't kept in
        stock). ``store_id`` None (null) is the caller's own store.
        """
        if store_id is None:
            # Their own store is no secret to users, its record may be.
            store_id = self.env.user.sudo().retail_store_id.id
        found, free = self._retail_recommend(partner_id, basket, store_id, limit, instead_of)
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
    def _retail_recommend(self, partner_id, basket, store_id, limit, instead_of=False):
        """Return (list of ``retail_recommend``, {product id: free quantity, None when unkept})."""
        self.env["retail.recommendation.neighbour"].check_access("read")
        basket = self._retail_basket(basket)
        partner, store = self._retail_member(partner_id), self._retail_store(store_id)
        company = store.company_id or self.env.company
        limit = max(0, min(limit, MAX_LIMIT))
        if instead_of:
            return self._retail_instead(instead_of, basket, company, store, partner, limit)
        settings = self.env["retail.recommendation.model"]._settings(company.id)
        held_out = snapshot.is_held_out(partner.id, settings.holdout_percent)
        history = snapshot.NO_HISTORY
        if partner and not held_out:
            history = snapshot.member_history(self.env, company, partner)
        ranked, free = self._retail_rank(
            history, basket, company, store, partner, limit, settings, held_out
        )
        names = self._retail_names({item.product for item in ranked} | _becauses(ranked))
        found = [
            {
                "product_id": item.product,
                "score": item.score,
                "reason": item.reason,
                "text": self._retail_reason_text(item, names, history.bought),
                **({"held_out": True} if held_out else {}),
            }
            for item in ranked
            if item.product in names and (not item.because or item.because in names)
        ]
        return found[:limit], free

    @api.model
    def _retail_instead(self, product_id, basket, company, store, partner, limit):
        """Return what ``_retail_recommend`` does, for alternatives to a product."""
        prices, currency = snapshot.alternatives(self.env, company, product_id)
        learned = snapshot.learned(self.env, company, store, prices)
        free = snapshot.free_quantities(self.env, company, store, prices, partner)
        allowed = free.keys() - {product_id, *basket}
        shelf = snapshot.shelf(
            {mate: learned.popularity.get(mate, 0.0) for mate in prices}, allowed=allowed
        )
        ranked = engine.instead_of(
            product_id,
            shelf,
            np.zeros(len(prices)),  # one category: the query has chosen by it
            [prices[mate] for mate in shelf.products.tolist()],
            learned.table,
            limit + SPARE if limit else 0,
        )
        names = self._retail_names([product_id, *(mate for mate, _score in ranked)])
        if product_id not in names:
            raise AccessError(self.env._("You may not see this product."))
        found = [
            {
                "product_id": mate,
                "score": score,
                "reason": "instead",
                "text": self._retail_price_text(currency, prices[mate] - prices[product_id]),
            }
            for mate, score in ranked
            if mate in names
        ]
        return found[:limit], free

    @api.model
    def _retail_price_text(self, currency, more):
        """Say in the caller's language how an alternative's price compares."""
        difference = format_amount(self.env, abs(more), currency)
        if currency.is_zero(more):
            return self.env._("Same category, same price")
        if more < 0:
            return self.env._("Same category, %(amount)s cheaper", amount=difference)
        return self.env._("Same category, %(amount)s dearer", amount=difference)

    @api.model
    def _retail_basket(self, basket):
        """Return the distinct product ids of the basket, in their order."""
        basket = basket or []
        if not (isinstance(basket, list | tuple) and all(type(id_) is int for id_ in basket)):
            raise UserError(
                self.env._("The basket must be a list of product ids, for example [12, 15].")
            )
        return list(dict.fromkeys(basket))

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
    def _retail_rank(
        self, history, basket, company, store, partner, limit, settings, popular_only=False
    ):
        """Return (ranked products that can be sold now, {product id: free quantity}).

        A few more than the limit: the caller's own rules on products come after.
        """
        seeds = () if popular_only else {*basket, *history.seeds}
        learned = snapshot.learned(self.env, company, store, seeds)
        tastes, liked = None, ()
        if history.bought and settings.tastes_id:
            tastes = self.env["retail.recommendation.model"]._tastes(settings.tastes_id)
            liked = snapshot.akin(tastes, list(history.bought))
        products = {*learned.table.neighbour.tolist(), *history.bought, *liked}
        free = snapshot.free_quantities(
            self.env, company, store, products.union(learned.popularity), partner
        )
        factors = None
        if not popular_only:
            factors = self._retail_business_factors(company, store, free, settings)
        shelf = snapshot.shelf(learned.popularity, products, allowed=free, factors=factors)
        options = engine.Options(limit=limit + SPARE if limit else 0)
        ranked = engine.score(history.purchases, basket, shelf, learned.table, tastes, options)
        return ranked, free

    @api.model
    def _retail_business_factors(self, company, store, product_ids, settings):
        """Return {product id: factor on its score} by the shop's weights; 1 where not named."""
        factors = {}
        if settings.margin_percent:
            for product, margin in snapshot.margins(self.env, company, product_ids).items():
                factors[product] = 1 + settings.margin_percent / 100 * margin
        if settings.slow_percent:
            for product in snapshot.slow_movers(self.env, company, store, product_ids):
                factors[product] = factors.get(product, 1.0) + settings.slow_percent / 100
        if settings.promotion_percent:
            for product in self._retail_promoted(company, store, list(product_ids)):
                factors[product] = factors.get(product, 1.0) + settings.promotion_percent / 100
        return factors

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
