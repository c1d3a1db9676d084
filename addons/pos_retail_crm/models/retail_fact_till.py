from odoo import models
from odoo.addons.retail_crm.crm_engine.allocation import spread
from odoo.tools import SQL

PAID_STATES = ("paid", "done")


class RetailFactTill(models.AbstractModel):
    """How a till order becomes rows of ``retail.sale.fact``.

    A mixin of its own, so that what other bridges add to ``pos.order`` always stands above it,
    whatever the order in which the addons are loaded.
    """

    _name = "retail.fact.till"
    _inherit = "retail.fact.source"
    _description = "Till Order Whose Lines Are Sold"

    def _fact_counted(self):
        return self.exists().filtered(lambda order: order.state in PAID_STATES)

    def _fact_lines(self):
        return self.lines

    def _fact_header(self):
        self.ensure_one()
        config = self.config_id
        return {
            "document": self.name,
            "sold_at": self.date_order,
            "company": self.company_id,
            "store": config.retail_store_id,
            "channel": config.sale_channel_id,
            "partner": self.partner_id,
            "currency": self.currency_id,
            "rate": self.currency_rate or 1.0,
        }

    def _fact_row(self, header, line, *args, **kwargs):
        """A return belongs to the basket of its sale; what an exchange sells is a new one."""
        row = super()._fact_row(header, line, *args, **kwargs)
        sale = line.refunded_orderline_id.order_id or self
        return {**row, "basket": sale._fact_basket()}

    def _fact_write(self, existing=None):
        """A basket is written whole: the sale with all that came back of it."""
        orders = (self.exists() if existing is None else existing).sudo()
        sales = orders | orders.refunded_order_id
        documents = sales | sales.lines.refund_orderline_ids.order_id
        baskets = {sale._fact_basket() for sale in sales}
        baskets.update(f"{self._name},{order_id}" for order_id in set(self.ids) - set(orders.ids))
        if not baskets:
            return {"inserted": 0, "updated": 0, "deleted": 0}
        return self.env["retail.sale.fact"]._replace(sorted(baskets), documents._fact_values())

    def _fact_values(self):
        """Find the payment products of all orders at once; what two guides sold is two rows."""
        payments = self._fact_payment_products(self.lines.product_id).ids
        prepared = self.with_context(retail_fact_payments=payments)
        return self._fact_shared(super(RetailFactTill, prepared)._fact_values())

    def _fact_shared(self, rows):
        """Return the rows, those of lines with two guides split by their share.

        What comes back in parts is counted up, so that a guide keeps no cent of what came back
        wholly: each part takes what is missing to the share of all that came back by then.
        """
        lines = {str(line.id): line for line in self.lines}
        shared, so_far = [], {}
        for row in sorted(rows, key=lambda row: int(row["source_line"])):
            line = lines[row["source_line"]]
            second, share = line._fact_second()
            if not second:
                shared.append(row)
                continue
            sold = line.refunded_orderline_id or line
            before = so_far.setdefault((sold, row["event"], second, share), {})
            shared += line._fact_split(row, second, share, before)
        return shared

    def _fact_promotion_shares(self):
        """Spread discounts that are lines of their own over the goods with the same taxes.

        Shares have the sign of the goods' prices: positive when sold, negative when returned.
        """
        shares = super()._fact_promotion_shares()
        goods = self._fact_goods_lines()
        for line in self.lines.filtered(lambda line: line._fact_is_discount()):
            discount = -line._fact_signed(line.price_subtotal_incl)
            sign = 1 if discount > 0 else -1
            open_goods = goods.filtered(
                lambda good, sign=sign: sign * good._fact_signed(good.price_subtotal_incl) > 0
            )
            touched = open_goods.filtered(lambda good, taxes=line.tax_ids: good.tax_ids == taxes)
            self._fact_spread(discount, touched or open_goods, shares)
        return shares

    def _fact_spread(self, amount, lines, shares):
        """Add the lines' parts of an amount to ``shares``, in proportion to their totals."""
        unit = self.currency_id.rounding
        weights = [round(abs(line.price_subtotal_incl) / unit) for line in lines]
        if not any(weights):
            return
        parts = spread(round(amount / unit), weights)
        for line, part in zip(lines, parts, strict=True):
            shares[line.id] = shares.get(line.id, 0.0) + part * unit

    def _fact_settle_sales_orders(self):
        """Tell sales orders what was paid for here, so that it counts as sold once."""
        order_lines = self.sudo().lines.sale_order_line_id
        quantities = {}
        for sale_line in order_lines:
            paid = sale_line.pos_order_line_ids.filtered(
                lambda line: line.order_id.state in PAID_STATES
            )
            quantities[sale_line.id] = sum(
                sale_line._convert_qty(sale_line, line.qty, "p2s") for line in paid
            )
        order_lines._fact_settle(quantities)

    def _fact_suspects(self):
        """Return orders with goods that have no row, a wrong quantity or a cost too late,
        and orders that still have rows of lines that don't count any more."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH fact AS MATERIALIZED (
                    SELECT split_part(source_line, '/', 1) AS line, COUNT(*) AS guides,
                           SUM(qty) AS qty, bool_or(cost IS NULL) AS open
                      FROM retail_sale_fact
                     WHERE source_model = 'pos.order.line'
                     GROUP BY split_part(source_line, '/', 1)
                )
                SELECT line.order_id
                  FROM pos_order_line line
                  JOIN pos_order o ON o.id = line.order_id AND o.state IN ('paid', 'done')
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN fact ON fact.line = line.id::text
                 WHERE line.qty != 0 AND template.type = 'consu'
                   AND (fact.line IS NULL OR fact.qty != line.qty
                        OR fact.guides != 1 + (line.retail_second_guide_id IS NOT NULL)::int
                        OR (fact.open AND line.is_total_cost_computed))
                 UNION
                SELECT split_part(fact.basket, ',', 2)::int
                  FROM retail_sale_fact fact
             LEFT JOIN pos_order_line line
                    ON line.id::text = split_part(fact.source_line, '/', 1)
             LEFT JOIN pos_order o ON o.id = line.order_id
                 WHERE fact.source_model = 'pos.order.line'
                   AND (o.id IS NULL OR o.state NOT IN ('paid', 'done'))
                """
            )
        )
        return [order_id for (order_id,) in rows]
