from odoo import models

# Columns of a sold line of which two guides have a share each, by the currency they are in.
SHARED_IN_DOCUMENT = ("price_subtotal", "price_total", "discount_amount", "promotion_amount")
SHARED_IN_COMPANY = ("cost", "amount_company", "total_company")


class RetailFactTillLine(models.AbstractModel):
    """How a line of a till order becomes a row of ``retail.sale.fact``."""

    _name = "retail.fact.till.line"
    _description = "Till Order Line That Is Sold"

    def _fact_is_goods(self):
        """Whether the line is a product or service that is sold.

        Tips, down payments, gift cards, e-wallets, discounts and the head of a combo (the
        money is on its parts) are not.
        """
        self.ensure_one()
        return self._fact_is_sale() and not self._fact_is_discount()

    def _fact_is_sale(self):
        """Whether the line is part of what the goods cost: goods, and discounts on goods."""
        self.ensure_one()
        config = self.order_id.config_id
        if self.product_id.type == "combo":
            return False
        if self.product_id in (config.tip_product_id | config.down_payment_product_id):
            return False
        payments = self.env.context.get("retail_fact_payments")
        if payments is None:
            payments = self.order_id._fact_payment_products(self.product_id).ids
        return self.product_id.id not in payments

    def _fact_is_discount(self):
        """Whether the line is a discount on the order, to be spread over its goods."""
        self.ensure_one()
        reward = "is_reward_line" in self._fields and self.is_reward_line
        below_zero = self.product_id.type == "service" and self.price_unit < 0
        return self._fact_is_sale() and bool(reward or below_zero)

    def _fact_signed(self, amount):
        """Return an amount of the line with the sign of what the customer pays.

        The till stores amounts of refunds without their sign, the back office with it.
        """
        return -abs(amount) if self.qty * self.price_unit < 0 else abs(amount)

    def _fact_guide(self):
        """Who sold the line; of a return, who sold what came back.

        Named at the till or corrected later, else by the sales order that is settled, else the
        member's guide, else the cashier.
        """
        line = self.refunded_orderline_id or self
        order = line.order_id
        return (
            self.retail_guide_id
            or line.retail_guide_id
            or line.sale_order_line_id.retail_guide_id
            or order.partner_id.commercial_partner_id.retail_guide_id
            or order.user_id
        )

    def _fact_second(self):
        """Return (who sold the line together with its guide, share in percent).

        Of a return, who shared what came back; an empty user without a second guide.
        """
        line = self if self.retail_guide_id else self.refunded_orderline_id or self
        second = line.retail_second_guide_id
        if not second or second == self._fact_guide():
            return self.env["res.users"], 0.0
        return second, line.retail_second_share

    def _fact_line_values(self):
        """Return the line as ``retail.fact.source._fact_row`` takes it."""
        self.ensure_one()
        total = self._fact_signed(self.price_subtotal_incl)
        return {
            "product": self.product_id,
            "guide": self._fact_guide(),
            "qty": self.qty,
            "price_subtotal": self._fact_signed(self.price_subtotal),
            "price_total": total,
            "discount_amount": self._fact_discount_amount(total),
            "cost": self._fact_cost(),
        }

    def _fact_split(self, row, second, share, before):
        """Return the row of the guide and that of the second one, who has ``share`` percent.

        ``before`` has what rows that share with this one had of each column; it is counted up.
        The second guide's parts are rounded, the rest is the guide's: no cent is lost.
        """
        in_company = self.order_id.company_id.currency_id.round
        in_document = self.currency_id.round
        rounds = {"qty": lambda qty: round(qty, 6)}
        rounds |= dict.fromkeys(SHARED_IN_DOCUMENT, in_document)
        rounds |= dict.fromkeys(SHARED_IN_COMPANY, in_company)
        ours = {"source_line": f"{row['source_line']}/2", "guide_id": second.id}
        rest = {}
        for name, rounded in rounds.items():
            if row[name] is None:  # a cost that isn't known yet
                continue
            past = before.get(name, 0.0)
            before[name] = past + row[name]
            part = rounded(rounded(before[name] * share / 100) - rounded(past * share / 100))
            ours[name], rest[name] = part, rounded(row[name] - part)
        for amounts in (ours, rest):
            amounts["price_tax"] = in_document(amounts["price_total"] - amounts["price_subtotal"])
        return [{**row, **rest}, {**row, **ours}]

    def _fact_discount_amount(self, total):
        """Return what the line's own discount took off, tax included."""
        if not self.discount:
            return 0.0
        if self.discount < 100:
            return total / (1 - self.discount / 100) - total
        taxes = self.tax_ids_after_fiscal_position.compute_all(
            self.price_unit, self.currency_id, self.qty, product=self.product_id
        )
        return taxes["total_included"]

    def _fact_cost(self):
        """Return the cost in company currency, or None before stock has valued the goods."""
        if not self.is_total_cost_computed:
            return None
        company_currency = self.order_id.company_id.currency_id
        return company_currency.round(self.total_cost / (self.order_id.currency_rate or 1.0))
