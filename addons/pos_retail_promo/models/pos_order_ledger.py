"""Till orders in the ledger: invoices and reversals carry the promotion and its analytics."""

from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        return {**values, **pos_line._retail_promo_ledger_values()}

    def _prepare_product_aml_dict(self, base_line_vals, update_base_line_vals, rate, sign):
        values = super()._prepare_product_aml_dict(
            base_line_vals, update_base_line_vals, rate, sign
        )
        return {**values, **base_line_vals["record"]._retail_promo_ledger_values()}
