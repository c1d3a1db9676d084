"""Till orders and the limits of promotions: what a paid sale takes, what a refund gives back."""

from odoo import fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.models.promotion_limits import MEASURES
from odoo.addons.retail_promo.models.retail_promotion_limit import UNIT_REWARDS


class PosOrder(models.Model):
    _inherit = "pos.order"

    # === WHAT WAS LEFT === #

    def _retail_promo_used(self, cart):
        """Return the engine's `used` by which the sale is judged.

        What the sale has reserved, and what its till has set aside, isn't used by others. What
        the till took for used stands: it couldn't give what it hadn't.
        """
        own = self._retail_promo_reserved() | self.config_id._retail_promo_slices()
        used = self.env["retail.promotion"]._limits_used(self.company_id, cart, own)
        for program, told in self._retail_promo_told("used").items():
            for name, number in used.get(program, {}).items():
                used[program][name] = max(number, told.get(name) or 0)
        return used

    def _retail_promo_reserved(self):
        return self.env["retail.promotion.usage"]._of_document(self._retail_promo_key())

    def _retail_promo_key(self):
        return f"pos.order,{self.uuid}"

    def action_pos_order_cancel(self):
        result = super().action_pos_order_cancel()
        cancelled = self.filtered(lambda order: order.state == "cancel")
        self.env["retail.promotion.usage"]._release(
            [order._retail_promo_key() for order in cancelled]
        )
        return result

    # === WHAT IS TAKEN === #

    def _retail_promo_take(self):
        """Enter in the ledger what a paid order took, or what a refund gives back.

        It is paid: when nothing was left it is taken all the same. The check has filed then
        that the server would not have given it.
        """
        if self.refunded_order_id:
            self.refunded_order_id._retail_promo_give_back()
            if not self._retail_promo_sold():
                return
        entries = self._retail_promo_entries()
        reserved = self._retail_promo_reserved().filtered(lambda row: row.state == "reserved")
        slices = self.config_id._retail_promo_slices().filtered(
            lambda row: row.promotion_id not in reserved.promotion_id
        )
        self.env["retail.promotion.usage"]._settle(
            self._retail_promo_usage_header(), entries, force=True, slices=slices
        )

    def _retail_promo_entries(self):
        """Return the ledger's entries of a sale: what its promotion lines gave."""
        lines = self._retail_promo_lines().filtered("retail_promotion_id")
        versions = {line.retail_promotion_id: line.retail_promotion_version for line in lines}
        given = self._retail_promo_given()
        entries = {
            promotion.id: {
                "promotion_id": promotion.id,
                "version": version,
                "orders": 1,
                "units": 0,
                "amount": snapshot.from_minor(self.currency_id, given.get(str(promotion.id), 0)),
            }
            for promotion, version in versions.items()
        }
        limited = self.env["retail.promotion"]._engine_limited(self.company_id.id)
        counted = any(promotion.reward_kind in UNIT_REWARDS for promotion in versions)
        for applied in self._retail_promo_applied() if limited or counted else ():
            program = applied["program"]
            if program in entries:
                entries[program]["units"] = applied["units"]
            elif program in limited and not applied["amount"]:
                # What takes nothing off, as a gift not chosen, is used all the same.
                entries[program] = {
                    "promotion_id": program,
                    "version": applied["version"],
                    **dict.fromkeys(MEASURES, 0),
                    "orders": 1,
                }
        return list(entries.values())

    def _retail_promo_give_back(self):
        """Leave in the ledger what the goods that are kept of this sale take."""
        refunds = self._retail_promo_refunds()
        kept = {
            entry["program"]: entry["units"]
            for entry in self._retail_promo_kept(refunds)
            if "units" in entry
        }
        left = {}
        taken_back = [refund._retail_promo_given(back=True) for refund in refunds]
        for outcome in (self._retail_promo_given(), *taken_back):
            for key, minor in outcome.items():
                left[int(key)] = left.get(int(key), 0) + minor
        rows = {row.promotion_id.id: row for row in self._retail_promo_reserved()}
        entries = []
        for program, minor in left.items():
            row = rows.get(program, self.env["retail.promotion.usage"])
            entries.append(
                {
                    "promotion_id": program,
                    "version": row.version,
                    "orders": 1,
                    "units": kept.get(program, row.units),
                    "amount": snapshot.from_minor(self.currency_id, minor),
                }
            )
        self.env["retail.promotion.usage"]._settle(
            self._retail_promo_usage_header(),
            [entry for entry in entries if entry["amount"] > 0],
            force=True,
        )

    def _retail_promo_usage_header(self):
        circumstances = self._retail_promo_circumstances()
        member = circumstances["member"]
        return {
            "document": self._retail_promo_key(),
            "res_model": self._name,
            "res_id": self.id,
            "name": self.pos_reference or self.name,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "store_id": circumstances["store"],
            "channel_id": self.config_id._retail_promotion_channel().id,
            "partner_id": member["id"] if member else self.partner_id.id or None,
            "used_at": self.date_order,
            "day": fields.Date.to_date(circumstances["now"][:10]),
        }
