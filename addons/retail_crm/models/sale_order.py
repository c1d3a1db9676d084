from odoo import api, fields, models

from ..crm_engine.allocation import spread
from ..crm_engine.local_time import noon_utc

# What the rows of sold lines copy from the order.
FACT_FIELDS = {
    "state",
    "name",
    "date_order",
    "partner_id",
    "user_id",
    "company_id",
    "retail_store_id",
    "sale_channel_id",
    "order_line",
}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "retail.fact.source"]

    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        default=lambda self: self._default_retail_store_id(),
        check_company=True,
        index="btree_not_null",
        help="The store that made the sale; goods may leave from another warehouse.",
    )
    retail_special_need = fields.Text(
        related="partner_id.commercial_partner_id.retail_special_need"
    )
    retail_preference = fields.Text(related="partner_id.commercial_partner_id.retail_preference")
    sale_channel_id = fields.Many2one(default=lambda self: self._default_sale_channel_id())
    retail_ticket_ids = fields.One2many(
        "helpdesk.ticket", "sale_order_id", string="Customer Requests"
    )
    retail_ticket_count = fields.Integer(compute="_compute_retail_ticket_count")

    @api.model
    def _default_retail_store_id(self):
        store = self.env.user.sudo().retail_store_id
        return store if store.company_id == self.env.company else store.browse()

    @api.model
    def _default_sale_channel_id(self):
        return self.env.ref("retail_crm.channel_store", raise_if_not_found=False)

    # === EVENTS === #
    # Rows are written once per event: methods that write several times hold the writing of
    # their own orders back by a context key and write at their end. Lines that are created
    # with a confirmed order write by themselves.

    def write(self, vals):
        if not FACT_FIELDS & vals.keys():
            return super().write(vals)
        before = self.filtered(lambda order: order.state == "sale")
        result = super(SaleOrder, self._fact_hold()).write(vals)
        (before | self.filtered(lambda order: order.state == "sale"))._fact_event()
        return result

    def action_confirm(self):
        result = super(SaleOrder, self._fact_hold()).action_confirm()
        self._fact_event()
        return result

    def _fact_hold(self):
        """Return the orders with the writing of their rows held back."""
        held = self.env.context.get("retail_fact_hold", ())
        return self.with_context(retail_fact_hold=[*held, *self.ids])

    def _fact_event(self):
        """Write the rows of the orders, but for those whose writing is held back."""
        held = set(self.env.context.get("retail_fact_hold", ()))
        self.browse(order_id for order_id in self.ids if order_id not in held)._fact_write()

    # === SOLD LINES === #

    def _fact_counted(self):
        return self.filtered(lambda order: order.state == "sale")

    def _fact_lines(self):
        return self.order_line

    def _fact_header(self):
        self.ensure_one()
        return {
            "document": self.name,
            "sold_at": self.date_order,
            "company": self.company_id,
            "store": self.retail_store_id,
            "channel": self.sale_channel_id,
            "partner": self.partner_id,
            "currency": self.currency_id,
            "rate": self.currency_rate or 1.0,
        }

    def _fact_values(self):
        """Read the costs and the payment products of all orders at once."""
        lines = self.order_line
        prepared = self.with_context(
            retail_fact_costs=lines._fact_unit_costs(),
            retail_fact_payments=self._fact_payment_products(lines.product_id).ids,
        )
        return super(SaleOrder, prepared)._fact_values()

    def _fact_promotion_shares(self):
        """Spread discounts that are lines of their own over the goods with the same taxes."""
        shares = super()._fact_promotion_shares()
        goods = self._fact_goods_lines()
        for line in self.order_line.filtered(lambda line: line._fact_is_discount()):
            touched = goods.grouped("tax_ids").get(line.tax_ids, goods)
            self._fact_spread(-line.price_total, touched, shares)
        return shares

    def _fact_spread(self, amount, lines, shares):
        """Add the lines' shares of an amount to ``shares``, by their totals.

        What is taken off is shared by what is sold, what is given back by what is returned.
        """
        sign = 1 if amount > 0 else -1
        lines = lines.filtered(lambda line: line.price_total * sign > 0) or lines.filtered(
            "price_total"
        )
        if not amount or not lines:
            return
        unit = self.currency_id.rounding
        weights = [abs(round(line.price_total / unit)) for line in lines]
        for line, part in zip(lines, spread(round(amount / unit), weights), strict=True):
            shares[line.id] = shares.get(line.id, 0.0) + part * unit

    # === RETURNS === #

    def _fact_return_values(self, shares):
        """Return rows for the lines of posted credit notes that take goods back.

        A credit note that another invoice makes good again (a corrected invoice, an order
        changed after it was invoiced) returns nothing; see ``_fact_credited``.
        """
        rows = []
        for move, credited in self._fact_credited().items():
            header = self._fact_return_header(move)
            taken_back = self._fact_credited_shares(move, credited, shares)
            for line, (sale_line, fraction) in credited.items():
                values = line._fact_credit_values(sale_line, fraction)
                share = -taken_back.get(line.id, 0.0) * fraction
                day = move.invoice_date
                rows.append(self._fact_row(header, line, values, share, "returned", day))
        return rows

    def _fact_return_header(self, move):
        header = self._fact_header()
        zone = self.retail_store_id._get_retail_tz(self.company_id)
        header.update(
            document=move.name,
            sold_at=noon_utc(move.invoice_date, zone),
            currency=move.currency_id,
            rate=move.invoice_currency_rate or 1.0,
        )
        return header

    def _fact_credited(self):
        """Return {credit note: {its line: (order line, part that is really returned 0..1)}}."""
        result = {}
        for sale_line in self._fact_goods_lines():
            invoice_lines = sale_line.invoice_lines.filtered(
                lambda line: line.parent_state == "posted"
            )
            credits = invoice_lines.filtered(lambda line: line.move_type == "out_refund")
            if not credits or sale_line.product_uom_qty < 0:
                continue
            invoiced = sum(line._fact_quantity(sale_line) for line in invoice_lines - credits)
            made_good = max(0.0, invoiced - sale_line.product_uom_qty)
            for line in credits.sorted(lambda line: (line.move_id.invoice_date, line.id)):
                qty = line._fact_quantity(sale_line)
                absorbed = min(made_good, max(qty, 0.0))
                made_good -= absorbed
                if qty - absorbed:
                    credited = result.setdefault(line.move_id, {})
                    credited[line] = (sale_line, (qty - absorbed) / qty)
        return result

    def _fact_credited_shares(self, move, credited, shares):
        """Return {credit note line: promotion share incl. tax} for one credit note.

        The note's own discount lines are spread over its goods in the proportions in which
        the order's promotions touched them.
        """
        goods = list(credited)
        discounts = move.invoice_line_ids.filtered(
            lambda line: any(sale_line._fact_is_spread() for sale_line in line.sale_line_ids)
        )
        unit = move.currency_id.rounding
        amount = round(-sum(discounts.mapped("price_total")) / unit)
        weights = [
            round(
                shares.get(sale_line.id, 0.0)
                * abs(line._fact_quantity(sale_line) / sale_line.product_uom_qty)
                / unit
            )
            for line, (sale_line, _fraction) in credited.items()
        ]
        if amount and not any(weights):
            weights = [max(0, round(line.price_total / unit)) for line in goods]
        if not amount or not any(weights):
            return {}
        parts = spread(amount, weights)
        return {line.id: part * unit for line, part in zip(goods, parts, strict=True)}

    # === CUSTOMER REQUESTS === #

    def _compute_retail_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.retail_ticket_count = counts.get(order, 0)

    def action_open_complaint(self):
        """Open the form of a new complaint about this order and its goods."""
        self.ensure_one()
        goods = self.order_line.filtered(lambda line: not line.display_type).product_id
        return self.env["helpdesk.ticket"]._retail_open_action(
            {
                "default_partner_id": self.partner_id.id,
                "default_sale_order_id": self.id,
                "default_company_id": self.company_id.id,
                "default_retail_store_id": self.retail_store_id.id,
                "default_retail_product_ids": goods.ids,
                "default_name": self.env._("Complaint about %(order)s", order=self.name),
            }
        )

    def action_view_retail_tickets(self):
        """Open what the customer has asked or complained about this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.helpdesk_ticket_action_retail"
        )
        action["domain"] = [("sale_order_id", "=", self.id)]
        action["context"] = {"retail_service": True}
        return action
