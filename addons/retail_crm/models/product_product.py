from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _retail_promoted(self, company, store, product_ids):
        """Return the ids of those products which a promotion that runs now makes cheaper.

        A hook: recommendations ask, an addon with promotions answers.

        :param store: the store (``stock.warehouse``), empty for the whole company
        """
        return set()

    @api.model
    def _demand_uplift(self, company, store, days, product_ids):
        """Return {product id: factor} by which coming events change the usual demand.

        A hook: the demand forecast asks, an addon with promotions answers. Products that keep
        their usual demand are left out.

        :param store: the store (``stock.warehouse``), empty for the whole company
        :param days: from today on; the factor holds for the demand of these days together
        """
        return {}
