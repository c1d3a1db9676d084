from odoo import api, models


class ReportSaleDetails(models.AbstractModel):
    _inherit = "report.point_of_sale.report_saledetails"

    @api.model
    def get_sale_details(
        self, date_start=False, date_stop=False, config_ids=False, session_ids=False, **kwargs
    ):
        """Show promotions as a block of their own, and among the discounts."""
        details = super().get_sale_details(date_start, date_stop, config_ids, session_ids, **kwargs)
        domain = self._get_domain(date_start, date_stop, config_ids, session_ids, **kwargs)
        orders = self.env["pos.order"].search(domain)
        promotions = self._retail_promotions(orders)
        discounted = orders.lines.filtered(
            lambda line: line.discount > 0 or (line.retail_shares and line.qty > 0)
        )
        total = sum(row["amount"] for row in promotions)
        return {
            **details,
            "retail_promotions": promotions,
            "retail_promotions_total": total,
            "discount_number": len(discounted.order_id),
            "discount_amount": details["discount_amount"] + total,
        }

    def _retail_promotions(self, orders):
        """Return a row per promotion: name, orders that got it, amount given less taken back."""
        rows = {}
        for line in orders.lines.filtered(lambda line: line.retail_shares):
            promotion = line.sudo().retail_promotion_id
            row = rows.setdefault(
                promotion.id,
                {"name": promotion.name or line.full_product_name, "orders": set(), "amount": 0.0},
            )
            row["amount"] += sum(line._retail_promo_shares_with_tax().values())
            if line.qty > 0:
                row["orders"].add(line.order_id.id)
        return [
            {"name": row["name"], "count": len(row["orders"]), "amount": row["amount"]}
            for row in sorted(rows.values(), key=lambda row: row["name"] or "")
        ]

    def _get_products_and_taxes_dict(self, line, products, taxes, currency):
        """A promotion line is no product; its taxes are those it was booked with."""
        if not line.retail_shares:
            return super()._get_products_and_taxes_dict(line, products, taxes, currency)
        amounts = (line.extra_tax_data or {}).get("manual_tax_amounts") or {}
        line_taxes = self.env["account.tax"].sudo().browse(int(tax_id) for tax_id in amounts)
        for tax in line_taxes:
            total = taxes["taxes"].setdefault(
                tax.id, {"name": tax.name, "tax_amount": 0.0, "base_amount": 0.0}
            )
            total["tax_amount"] += amounts[str(tax.id)]["tax_amount_currency"]
            total["base_amount"] += amounts[str(tax.id)]["base_amount_currency"]
        refund_sign = -1 if line.order_id.is_refund else 1
        if not amounts:
            total = taxes["taxes"].setdefault(
                0, {"name": self.env._("No Taxes"), "tax_amount": 0.0, "base_amount": 0.0}
            )
            total["base_amount"] += line.price_subtotal_incl
        taxes["base_amount"] += line.price_subtotal * refund_sign
        return products, taxes
