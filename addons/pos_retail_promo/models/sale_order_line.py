from odoo import models
from odoo.addons.retail_promo.models.promotion_tax import amounts_of_base_line

SETTLED_STATES = ("paid", "done")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _retail_promo_settled(self):
        """What a till settled of a sales order needs no invoice any more."""
        settled = super()._retail_promo_settled()
        # Who invoices orders needs no right on the till.
        for line in self.sudo().pos_order_line_ids:
            if line.order_id.state not in SETTLED_STATES:
                continue
            base_line = line._prepare_base_line_for_taxes_computation()
            settled.append(
                {
                    **amounts_of_base_line(base_line, line.company_id),
                    "price_subtotal": line.price_subtotal,
                    "price_total": line.price_subtotal_incl,
                }
            )
        return settled
