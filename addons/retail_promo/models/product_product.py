from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .retail_promotion_engine import LIVE_STATES

# Rewards that make no product of a set cheaper.
OTHER_REWARDS = ("gift", "delivery")


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _retail_promoted(self, company, store, product_ids):
        found = super()._retail_promoted(company, store, product_ids)
        day = fields.Date.to_string(fields.Date.context_today(self))
        return found | (self._retail_promoted_ids(company.id, store.id, day) & set(product_ids))

    @api.model
    @tools.ormcache("company_id", "store_id", "day")
    def _retail_promoted_ids(self, company_id, store_id, day):
        """Return the ids of the products that promotions of the day make cheaper in the store.

        Cleared with the engine's own cache whenever a promotion changes.
        """
        today = fields.Date.to_date(day)
        promotions = self._promotions_between(company_id, store_id, today, today)
        return frozenset().union(*(promotion._promoted_product_ids() for promotion in promotions))

    @api.model
    def _promotions_between(self, company_id, store_id, first_day, last_day):
        """Return the promotions on some products that hold in the store on one of the days."""
        # Whoever recommends or forecasts needs to know, not only who may open promotions.
        promotions = self.env["retail.promotion"].sudo()
        domain = Domain("company_id", "=", company_id) & Domain("state", "in", LIVE_STATES)
        domain &= Domain("reward_kind", "not in", OTHER_REWARDS)
        domain &= Domain("product_scope", "=", "some") | Domain("target_scope", "=", "some")
        domain &= Domain("date_from", "=", False) | Domain(
            "date_from", "<", last_day + timedelta(days=1)
        )
        domain &= Domain("date_to", "=", False) | Domain("date_to", ">", first_day)
        if store_id:
            domain &= Domain("store_ids", "=", False) | Domain("store_ids", "in", [store_id])
        return promotions.search(domain)

    @api.model
    def _demand_uplift(self, company, store, days, product_ids):
        """Raise the demand of what coming promotions make cheaper, by what was planned for them.

        Of several promotions on a product the strongest counts.
        """
        factors = super()._demand_uplift(company, store, days, product_ids)
        today = fields.Date.context_today(self)
        last = today + timedelta(days=days - 1)
        for promotion in self._promotions_between(company.id, store.id, today, last):
            rise = promotion.demand_uplift / 100 * promotion._share_of_days(today, last)
            for product in promotion._promoted_product_ids() & set(product_ids) if rise else ():
                factors[product] = max(factors.get(product, 1.0), 1 + rise)
        return factors
