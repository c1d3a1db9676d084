"""Stock loyalty beside us: our lines are no goods, but they lower the amounts it sees."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_not_rewarded_order_lines(self):
        """What counts as bought: quantities and points per unit."""
        return super()._get_not_rewarded_order_lines()._retail_promo_bought()

    def _get_specific_discountable_lines(self, reward):
        return super()._get_specific_discountable_lines(reward)._retail_promo_bought()

    def _get_no_effect_on_threshold_lines(self):
        lines = super()._get_no_effect_on_threshold_lines()
        if self.env.context.get("retail_promo_goods_only"):
            lines |= self.order_line - self.order_line._retail_promo_bought()
        return lines

    def _cheapest_line(self, reward):
        goods_only = self.with_context(retail_promo_goods_only=True)
        line = super(SaleOrder, goods_only)._cheapest_line(reward)
        return line.with_env(self.env) if line else line

    def _discountable_cheapest(self, reward):
        discountable, per_tax = super()._discountable_cheapest(reward)
        if not discountable:
            return discountable, per_tax
        return self._retail_promo_net(discountable, per_tax, self._cheapest_line(reward))

    def _discountable_specific(self, reward):
        discountable, per_tax = super()._discountable_specific(reward)
        lines = self._get_specific_discountable_lines(reward)
        return self._retail_promo_net(discountable, per_tax, lines)

    def _get_order_line_price(self, order_line, price_type):
        """Points per money count what is paid: each line net of our discount, ours not at all."""
        price = super()._get_order_line_price(order_line, price_type)
        if price_type != "price_total":
            return price
        if order_line.retail_promotion_id:
            return 0.0
        shares = self._retail_promo_totals()
        return price - sum(shares.get(line.id, 0.0) for line in order_line._get_lines_with_price())

    def _retail_promo_net(self, discountable, per_tax, lines):
        """Scale what loyalty may discount on lines to what our promotions leave of them."""
        totals = self._retail_promo_totals()
        if not totals:
            return discountable, per_tax
        gross = {}
        net = {}
        for line in lines:
            taxes = line.tax_ids.filtered(lambda tax: tax.amount_type != "fixed")
            gross[taxes] = gross.get(taxes, 0.0) + line.price_total
            left = line.price_total - totals.get(line.id, 0.0)
            net[taxes] = net.get(taxes, 0.0) + left
        whole = sum(gross.values())
        if not whole:
            return discountable, per_tax
        for taxes in per_tax:
            if gross.get(taxes):
                per_tax[taxes] *= net[taxes] / gross[taxes]
        discountable *= sum(net.values()) / whole
        return discountable, per_tax
