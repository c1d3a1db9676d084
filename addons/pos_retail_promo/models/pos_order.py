from odoo import fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot


class PosOrder(models.Model):
    _inherit = "pos.order"

    retail_promotion_data = fields.Json(
        copy=False,
        readonly=True,
        help="What the till knew when it evaluated the promotions: moment, store, member, and "
        "the rules that a refund will need.",
    )

    def _fact_promotion_shares(self):
        """Return {line id: amount with tax that promotions took off the line}."""
        below = getattr(super(), "_fact_promotion_shares", None)
        shares = dict(below()) if below else {}
        line_ids = {line.uuid: line.id for line in self.lines}
        for ours in self.lines.filtered(lambda line: line.retail_shares):
            for uuid, amount in ours._retail_promo_shares_with_tax().items():
                if uuid in line_ids:
                    line_id = line_ids[uuid]
                    shares[line_id] = shares.get(line_id, 0.0) + amount
        return shares

    # === WHAT WAS GRANTED === #

    def _retail_promo_record(self):
        """Write down what was granted and, in refunds, taken back, line by line."""
        self.ensure_one()
        lines = {line.uuid: line for line in self.lines}
        # A promotion has a line per set of taxes; what it gives on one line of goods is one row.
        rows = {}
        for ours in self.lines.filtered(lambda line: line.retail_shares):
            promotion, version = ours.retail_promotion_id, ours.retail_promotion_version
            shares = {
                lines[uuid]: minor
                for uuid, minor in ours.retail_shares.items()
                if uuid in lines and promotion
            }
            for line, amounts in ours._retail_promo_spread(shares).items():
                values = self._prepare_retail_application(promotion, version, line, shares[line])
                values.update(amounts)
                row = rows.setdefault((promotion, line), values)
                if row is not values:
                    for name in (*amounts, "amount", "amount_company"):
                        row[name] += values[name]
        self.env["retail.promotion.application"]._record(self, list(rows.values()))

    def _prepare_retail_application(self, promotion, version, line, minor):
        """Return the values of what a promotion gave on a line of goods."""
        amount = snapshot.from_minor(self.currency_id, minor)
        company_currency = self.company_id.currency_id
        config = self.config_id
        return {
            "promotion_id": promotion.id,
            "version": version,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "document_name": self.name,
            "line_key": line.uuid,
            "granted_at": self.date_order,
            "store_id": config._retail_promotion_store().id,
            "channel_id": config._retail_promotion_channel().id,
            "partner_id": self.partner_id.id,
            "product_id": line.product_id.id,
            "qty": line.qty,
            "amount": amount,
            "amount_company": company_currency.round(amount / (self.currency_rate or 1.0)),
        }

    def _retail_promo_lines(self, back=False):
        """Return the lines that give promotions or, with ``back``, take back those of a sale.

        An exchange has both.
        """
        return self.lines.filtered(lambda line: line.retail_shares and (line.qty < 0) == back)

    def _retail_promo_given(self, back=False):
        """Return {promotion id as text: minor units} that the order gave.

        back: what it took back of an earlier sale instead, below zero.
        """
        given = {}
        for ours in self._retail_promo_lines(back):
            key = str(ours.retail_promotion_id.id)
            given[key] = given.get(key, 0) + sum(ours.retail_shares.values())
        return {key: minor for key, minor in given.items() if minor}

    # === WHAT PROMOTIONS COUNT === #

    def _retail_promo_goods(self):
        """Return the lines that promotions count.

        Twin: promotableLines in static/src/app/promotions/cart.js
        """
        goods = self.lines.filtered(lambda line: line._retail_promo_is_goods())
        # Who buys a gift card or loads a wallet changes money, at its full value.
        money = self.env["retail.fact.source"]._fact_payment_products(goods.product_id)
        return goods.filtered(lambda line: line.product_id not in money)

    def _retail_promo_sold(self):
        """Return the goods that the order sells: all of a sale, the new ones of an exchange.

        Twin: soldLines in static/src/app/promotions/cart.js
        """
        return self._retail_promo_goods().filtered(lambda line: not line.refunded_orderline_id)

    def _retail_promo_returned(self):
        """Return the goods that come back in the order, with the receipt of their sale."""
        return self._retail_promo_goods().filtered("refunded_orderline_id")

    def _retail_promo_amounts(self, lines):
        """Return {line: minor units} as the tax engine rounds the lines without ours.

        Below zero for returned goods. Twin: lineAmounts in static/src/app/promotions/cart.js
        """
        taxes = self.env["account.tax"]
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        amounts = {}
        for line, base_line in zip(lines, base_lines, strict=True):
            sign = 1 if base_line["quantity"] == line.qty else -1
            amount = self._retail_promo_counted(base_line["tax_details"])
            amounts[line] = sign * snapshot.to_minor(self.currency_id, amount)
        return amounts

    def _retail_promo_counted(self, details):
        """Fixed taxes are never discounted, so they don't count."""
        if self.company_id.retail_promo_tax_basis == "excluded":
            return details["total_excluded_currency"]
        fixed = sum(
            data["tax_amount_currency"]
            for data in details["taxes_data"]
            if data["tax"].amount_type == "fixed"
        )
        return details["total_included_currency"] - fixed

    def _retail_promo_circumstances(self):
        """Return what an evaluation knows besides the lines: the sale's own moment and member.

        The till's moment counts: a sale made offline is judged by the hour it was made.
        """
        told = (self.retail_promotion_data or {}).get("circumstances") or {}
        place = self.config_id._retail_promotion_place()
        return {
            "now": told.get("now") or snapshot.wall_clock(self.date_order, place["_retail_tz"]),
            "utc": told.get("utc") or snapshot.utc_text(self.date_order),
            "store": place["_retail_store_id"] or None,
            "channel": place["_retail_channel"] or None,
            "currency": self.currency_id.name,
            "decimals": self.currency_id.decimal_places,
            "codes": [],
            "member": self._retail_promo_member(),
        }

    def _retail_promo_member(self):
        """Return the customer as the engine's member, as of before this sale."""
        if not self.partner_id:
            return None
        history = snapshot.purchase_history(
            self.partner_id,
            self.company_id,
            self.env["retail.promotion"]._engine_history_keys(self.company_id.id),
            self.date_order,
            f"{self._name},{self.id}",
        )
        return snapshot.member_dict(self.partner_id, history)

    def _retail_promo_cart(self, quantities, amounts):
        """Return the cart of lines of goods.

        quantities: {line: units}; amounts: {line: minor units}.
        """
        lines = [
            {
                "id": line.uuid,
                **snapshot.product_facts(line.product_id),
                "qty": round(qty * snapshot.QTY_ONE),
                "amount": amounts[line],
                "gift_of": line.retail_gift_of_id.id or None,
            }
            for line, qty in quantities.items()
        ]
        # Costs move with each delivery of goods: those that the till knew when it sold hold.
        floors = self._retail_promo_told("floors")
        return {
            **self._retail_promo_circumstances(),
            "used": self._retail_promo_told("used"),
            "lines": [snapshot.with_floor(line, floors) for line in lines],
        }

    def _retail_promo_told(self, name):
        """Return what the till told with the sale, {} when it told nothing."""
        circumstances = (self.retail_promotion_data or {}).get("circumstances") or {}
        return circumstances.get(name) or {}
