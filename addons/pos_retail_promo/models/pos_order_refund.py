"""What a refund takes back of the promotions of its sale.

Twin: static/src/app/promotions/refund.js. The kept basket is evaluated as the sale was, with the
rules and the moment that are stored with the sale; what the promotions give less on it is taken
back. A sale that stored nothing gives back shares in proportion.
"""

from odoo import models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.promo_engine import evaluate, largest_remainder, mul_div

PAID_STATES = ("paid", "done")


class PosOrder(models.Model):
    _inherit = "pos.order"

    # === WHAT IS DUE === #

    def _retail_promo_due_back(self):
        """Return {promotion id as text: minor units <= 0} that this refund should take back."""
        self.ensure_one()
        sale = self.refunded_order_id
        due = sale._retail_promo_given()
        others = sale._retail_promo_refunds() - self
        for refund in others:
            _add(due, refund._retail_promo_given(back=True))
        kept = sale._retail_promo_kept(others | self)
        _add(due, {str(entry["program"]): -entry["amount"] for entry in kept})
        due = self._retail_promo_capped({key: minor for key, minor in due.items() if minor})
        return {key: -minor for key, minor in due.items() if minor}

    def _retail_promo_refunds(self):
        """Return the paid refunds of a sale."""
        refunds = self.lines.refund_orderline_ids.order_id
        return refunds.filtered(lambda order: order.state in PAID_STATES)

    def _retail_promo_came_back(self, coming=None):
        """Return {line of this sale: units} that came back; coming: {line id: units} that will."""
        back = {line: (coming or {}).get(line.id, 0.0) for line in self.lines}
        for line in self._retail_promo_refunds().lines:
            if line.refunded_orderline_id in back:
                back[line.refunded_orderline_id] -= line.qty
        return back

    def _retail_promo_corrections(self, since):
        """Return what corrects these sales: goods that came back since, newest first.

        A refund that took back too little is corrected by another one of its sale.
        """
        sales = self | self.refunded_order_id
        refunds = sales._retail_promo_refunds() - self
        return refunds.filtered(lambda order: order.create_date >= since).sorted("id", reverse=True)

    def _retail_promo_kept(self, refunds):
        """Return what applies to the goods that are kept: [{program, amount[, units]}]."""
        goods = self._retail_promo_sold()
        returned = dict.fromkeys(goods, 0.0)
        amounts = self._retail_promo_amounts(goods)
        for refund in refunds:
            back = refund._retail_promo_amounts(refund._retail_promo_returned())
            for line, amount in back.items():
                origin = line.refunded_orderline_id
                if origin in returned:
                    returned[origin] -= line.qty
                    amounts[origin] += amount
        programs, groups = self._retail_promo_stored_rules()
        if not programs:
            return self._retail_promo_proportion(returned)
        kept = {line: line.qty - qty for line, qty in returned.items()}
        cart = self._retail_promo_cart(kept, amounts)
        cart["member"] = self.retail_promotion_data["circumstances"].get("member")
        return evaluate(cart, programs, groups)["applied"]

    def _retail_promo_stored_rules(self):
        """Return (programs, groups) of the sale, the rules read from our own versions."""
        data = self.retail_promotion_data or {}
        promotions = self.env["retail.promotion"]
        programs = [
            promotion._engine_program_at(program["version"])
            for program in data.get("programs") or []
            if (promotion := promotions.browse(program["id"]).exists())
        ]
        return programs, self.env["retail.promotion"]._engine_input(self.company_id)["groups"]

    def _retail_promo_proportion(self, returned):
        """Return what is kept of the shares, as applied; returned: {line: units back}."""
        lines = {line.uuid: line for line in returned}
        kept = {}
        for ours in self._retail_promo_lines():
            for uuid, share in ours.retail_shares.items():
                line = lines.get(uuid)
                if line and line.qty:
                    back = round(returned[line] * snapshot.QTY_ONE)
                    share -= mul_div(share, back, round(line.qty * snapshot.QTY_ONE))
                _add(kept, {ours.retail_promotion_id.id: share})
        return [{"program": program, "amount": amount} for program, amount in kept.items()]

    def _retail_promo_capped(self, due):
        """No more is taken back than the returned goods are worth."""
        amounts = self._retail_promo_amounts(self._retail_promo_returned())
        worth = -sum(amounts.values())
        total = sum(due.values())
        if total <= worth:
            return due
        positive = {key: minor for key, minor in due.items() if minor > 0}
        parts = largest_remainder(worth + sum(positive.values()) - total, list(positive.values()))
        return {**due, **dict(zip(positive, parts, strict=True))}

    # === REFUND FROM THE BACK OFFICE === #

    def _refund(self):
        """Take back what is left of each promotion, exactly: everything else is returned."""
        refunds = super()._refund()
        for refund in refunds:
            refund._retail_promo_take_back_all()
        return refunds

    def _retail_promo_take_back_all(self):
        copied = self.lines.filtered(lambda line: line.retail_shares)
        if not copied:
            return
        goods = self._retail_promo_goods()
        amounts = self._retail_promo_amounts(goods)
        for ours in copied:
            origin = ours.refunded_orderline_id
            earlier = origin.refund_orderline_ids - ours
            left = sum(origin.retail_shares.values()) + sum(
                sum((line.retail_shares or {}).values())
                for line in earlier
                if line.order_id.state in PAID_STATES
            )
            ours._retail_promo_take_back(left, goods, amounts)
        self._compute_prices()


def _add(totals, minors):
    for key, minor in minors.items():
        totals[key] = totals.get(key, 0) + minor
