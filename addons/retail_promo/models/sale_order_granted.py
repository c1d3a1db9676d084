"""What promotions gave and nearly gave on an order: rows, shares of the goods, hints."""

from odoo import api, fields, models

from . import promotion_snapshot as snapshot


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_promo_hints = fields.Json(
        copy=False,
        help="What is nearly reached: [{program, kind, missing, at}] in the engine's units.",
    )
    retail_promo_hint = fields.Text(string="Nearly Reached", compute="_compute_retail_promo_hint")

    @api.depends("retail_promo_hints", "state")
    @api.depends_context("lang")
    def _compute_retail_promo_hint(self):
        for order in self:
            hints = order.retail_promo_hints if order.state in ("draft", "sent") else None
            texts = [order._retail_promo_hint_text(hint) for hint in hints or []]
            order.retail_promo_hint = "\n".join(text for text in texts if text)

    def _retail_promo_hint_text(self, hint):
        """Return a hint in words: what is missing, and for what."""
        promotion = self.env["retail.promotion"].sudo().browse(hint["program"]).exists()
        if not promotion:
            return ""
        return self.env._(
            "%(missing)s more for %(gain)s (%(promotion)s)",
            missing=self._retail_promo_missing_text(hint),
            gain=promotion._hinted_gain_text(hint.get("at")),
            promotion=promotion.name,
        )

    def _retail_promo_missing_text(self, hint):
        if hint["kind"] == "amount":
            return self.currency_id.format(snapshot.from_minor(self.currency_id, hint["missing"]))
        return f"{hint['missing'] / snapshot.QTY_ONE:g}"

    def action_retail_promo_why(self):
        """Tell of every promotion why it applies to the order or doesn't."""
        self.ensure_one()
        return self.env["retail.promotion.why"]._open(self)

    def _fact_promotion_shares(self):
        """Return {line id: amount with tax that promotions gave on it}."""
        shares = dict(super()._fact_promotion_shares())
        for line_id, amount in self._retail_promo_totals().items():
            shares[line_id] = shares.get(line_id, 0.0) + amount
        return shares

    def _retail_promo_totals(self):
        """Return {line id: amount with tax that our promotions give on it}."""
        totals = {}
        for ours in self.order_line.filtered("retail_promotion_id"):
            for line_id, amount in ours._retail_promo_shares_with_tax().items():
                totals[line_id] = totals.get(line_id, 0.0) + amount
        return totals

    def _retail_promo_record(self):
        """Write down what was granted, line by line."""
        self.ensure_one()
        lines = {line.id: line for line in self.order_line}
        rows = []
        for ours in self.order_line.filtered("retail_promotion_id"):
            shares = {
                lines[int(key)]: minor
                for key, minor in (ours.retail_shares or {}).items()
                if int(key) in lines
            }
            spread = ours._retail_promo_spread(shares)
            for line, minor in shares.items():
                values = self._prepare_retail_application(ours, line, minor)
                rows.append({**values, **spread[line]})
        self.env["retail.promotion.application"]._record(self, rows)

    def _prepare_retail_application(self, ours, line, minor):
        """Return the values of what promotion line `ours` gave on a line of goods."""
        amount = snapshot.from_minor(self.currency_id, minor)
        company_currency = self.company_id.currency_id
        return {
            "promotion_id": ours.retail_promotion_id.id,
            "version": ours.retail_promotion_version,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "document_name": self.name,
            "line_key": str(line.id),
            "granted_at": self.date_order,
            "store_id": self.retail_store_id.id,
            "channel_id": self.sale_channel_id.id,
            "partner_id": self.partner_id.id,
            "product_id": line.product_id.id,
            "qty": line.product_uom_qty,
            "amount": amount,
            "amount_company": company_currency.round(amount / (self.currency_rate or 1.0)),
        }
