"""Promotion lines of a refund that is made in the back office."""

from odoo import models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.models.promotion_tax import exact_line
from odoo.addons.retail_promo.promo_engine import largest_remainder


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _prepare_refund_data(self, refund_order, PosPackOperationLot):
        """A promotion is taken back as a whole, whatever part of it came back before."""
        values = super()._prepare_refund_data(refund_order, PosPackOperationLot)
        return {**values, "qty": -self.qty} if self.retail_shares else values

    def _retail_promo_take_back(self, minor, goods, amounts):
        """Make this line of a refund take back so many minor units, lying on these goods."""
        self.ensure_one()
        order = self.order_id
        weights = [abs(amounts[line]) for line in goods]
        shares = largest_remainder(-minor, weights) if any(weights) else []
        price_unit, extra_tax_data = exact_line(
            self.tax_ids_after_fiscal_position,
            snapshot.from_minor(order.currency_id, -minor),
            order.company_id.retail_promo_tax_basis,
            order.company_id,
            order.currency_id,
            order.currency_rate,
            quantity=self.qty,
            key=f"retail_promo,{self.retail_promotion_id.id}",
        )
        self.write(
            {
                "price_unit": price_unit,
                "extra_tax_data": extra_tax_data,
                "retail_shares": {
                    line.uuid: share for line, share in zip(goods, shares, strict=False) if share
                },
            }
        )
        self.update(self._compute_amount_line_all())
