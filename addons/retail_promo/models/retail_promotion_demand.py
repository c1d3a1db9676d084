"""Which products a promotion makes cheaper, and how much more of them it is meant to sell."""

from odoo import fields, models
from odoo.fields import Domain


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    demand_uplift = fields.Float(
        string="Expected Rise of Demand (%)",
        digits=(6, 0),
        help="How much more of the discounted products is expected to sell while the promotion "
        "runs, for example what the last one brought. The demand forecast is raised by it.",
    )

    _demand_uplift_positive = models.Constraint(
        "CHECK(demand_uplift IS NULL OR demand_uplift >= 0)",
        "The expected rise of demand is 0 % or more.",
    )

    def _promoted_product_ids(self):
        """Return the ids of the products that the promotion makes cheaper, as a set."""
        self.ensure_one()
        prefix = "target_" if self.target_scope == "some" else ""
        named = Domain.OR(
            [Domain("id", "in", self[f"{prefix}product_ids"].ids), *self._named_domains(prefix)]
        )
        if not prefix:
            for domain in self._named_domains("exclude_"):
                named &= ~domain
            named &= Domain("id", "not in", self.exclude_product_ids.ids)
        return set(self.env["product.product"].search(named).ids)

    def _share_of_days(self, first_day, last_day):
        """Return on which share of these days the promotion holds, 0..1."""
        self.ensure_one()
        start = max(first_day, self.date_from.date()) if self.date_from else first_day
        end = min(last_day, self.date_to.date()) if self.date_to else last_day
        return max(0, (end - start).days + 1) / ((last_day - first_day).days + 1)
