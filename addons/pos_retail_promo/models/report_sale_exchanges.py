"""Exchanges in the report of a session: what is sold among the sales, the rest among refunds.

Stock puts all lines of an order in one block, and counts what comes back as sold.
"""

from odoo import api, models

MISPLACED = "retail_misplaced_lines"  # in the context: lines that stock puts in the wrong block
# The keys of the report: products, their totals, taxes, their totals.
SALES = ("products", "products_info", "taxes", "taxes_info")
REFUNDS = ("refund_products", "refund_info", "refund_taxes", "refund_taxes_info")


class ReportSaleDetails(models.AbstractModel):
    _inherit = "report.point_of_sale.report_saledetails"

    @api.model
    def get_sale_details(self, *args, **kwargs):
        lines = []
        report = self.with_context(**{MISPLACED: lines})
        details = super(ReportSaleDetails, report).get_sale_details(*args, **kwargs)
        for keys, back in ((SALES, False), (REFUNDS, True)):
            own = [line for line in lines if (line.qty < 0) == back]
            if own:
                self._retail_add_lines(details, keys, own)
        return details

    def _get_products_and_taxes_dict(self, line, products, taxes, currency):
        misplaced = self.env.context.get(MISPLACED)
        order = line.order_id
        if misplaced is None or not order.refunded_order_id or (line.qty < 0) == order.is_refund:
            return super()._get_products_and_taxes_dict(line, products, taxes, currency)
        misplaced.append(line)
        return products, taxes

    def _retail_add_lines(self, details, keys, lines):
        """Add lines to a block of the report."""
        block, info, block_taxes, taxes_info = keys
        report = self.with_context(**{MISPLACED: None})
        products, taxes = {}, {"base_amount": 0.0, "taxes": {}}
        for line in lines:
            currency = line.order_id.session_id.currency_id
            report._get_products_and_taxes_dict(line, products, taxes, currency)
        for name, rows in products.items():
            category = self._retail_row(details[block], {"name": name}, {"products": []})
            for (product, price_unit, discount), row in rows.items():
                self._retail_add_product(category["products"], product, price_unit, discount, row)
        details[block], details[info] = self._get_total_and_qty_per_category(details[block])
        for tax_id, tax in taxes["taxes"].items():
            empty = {"tax_amount": 0.0, "base_amount": 0.0}
            total = self._retail_row(details[block_taxes], {"name": tax["name"]}, empty)
            total["tax_amount"] += tax["tax_amount"]
            # As below; where there is a tax, stock reckons it anew from the price.
            total["base_amount"] += tax["base_amount"] if tax_id else -tax["base_amount"]
        for name, amount in self._get_taxes_info(taxes).items():
            details[taxes_info][name] += amount

    def _retail_add_product(self, rows, product, price_unit, discount, amounts):
        qty, total_paid, base_amount, combo_products_label = amounts
        key = {"product_id": product.id, "price_unit": price_unit, "discount": discount}
        empty = {
            "product_name": product.display_name,
            "barcode": product.barcode,
            "quantity": 0.0,
            "uom": product.uom_id.name,
            "total_paid": 0.0,
            "base_amount": 0.0,
            "combo_products_label": combo_products_label,
        }
        row = self._retail_row(rows, key, empty)
        row["quantity"] += qty
        row["total_paid"] += total_paid
        # The till stores amounts of orders that pay back without their sign.
        row["base_amount"] -= base_amount

    def _retail_row(self, rows, key, empty):
        """Return the row with these values, added as it is empty when there is none."""
        for row in rows:
            if all(row[name] == value for name, value in key.items()):
                return row
        rows.append({**key, **empty})
        return rows[-1]
