"""Sales orders and the limits of promotions: what is left, what an order takes, what it frees."""

from odoo import fields, models
from odoo.exceptions import RedirectWarning

from . import promotion_snapshot as snapshot
from .retail_promotion_usage import LimitReached


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_promo_taken = fields.Json(
        copy=False,
        help="What the order takes from limits when it is confirmed: [{program, orders, units, "
        "amount}] in the engine's units.",
    )

    retail_promo_sale = fields.Json(
        copy=False,
        help="What an evaluation of kept goods needs of the sale: {cart, programs, floors}.",
    )

    def _retail_promo_cart(self, moment):
        """Return the engine's cart of the order, with what the limits have left for it."""
        # The price doesn't depend on what the person who saves may read.
        cart = snapshot.order_cart(self.sudo(), moment)
        promotions = self.env["retail.promotion"]
        own = self.env["retail.promotion.usage"]
        if promotions._engine_limited(self.company_id.id):
            own = self._retail_promo_rows()
        cart["used"] = promotions._limits_used(self.company_id, cart, own)
        return cart

    # === BEFORE CONFIRMING === #

    def action_confirm(self):
        moment = self._prepare_confirmation_values().get("date_order")
        for order in self:
            if not order._retail_promo_agreed():
                order._retail_promo_check_left(moment)
        return super().action_confirm()

    def _retail_promo_check_left(self, moment):
        """Don't confirm at another price than the one shown because a limit was reached."""
        limited = self.env["retail.promotion"]._engine_limited(self.company_id.id)
        shown = {
            entry["program"]: entry["amount"]
            for entry in self.retail_promo_taken or []
            if entry["program"] in limited
        }
        if not shown:
            return
        self.env["retail.promotion.usage"]._free_expired()
        outcome = self._retail_promo_outcome(moment) or {"applied": []}
        now = {entry["program"]: entry["amount"] for entry in outcome["applied"]}
        lost = [program for program, amount in shown.items() if now.get(program, -1) < amount]
        if lost:
            self._retail_promo_refuse(self.env["retail.promotion"].sudo().browse(lost))

    def _retail_promo_refuse(self, promotions):
        self.ensure_one()
        raise RedirectWarning(
            self.env._(
                "%(order)s isn't confirmed: %(promotions)s can't give what the order shows any "
                "more, others were faster. Update the order, tell the customer the new total, "
                "and confirm again.",
                order=self.name,
                promotions=", ".join(promotions.mapped("name")),
            ),
            self.env.ref("retail_promo.action_sale_order_update_promotions").id,
            self.env._("Update the Order"),
            {"active_model": self._name, "active_id": self.id, "active_ids": self.ids},
        )

    def action_retail_promo_update(self):
        """Evaluate the promotions of quotations now."""
        self.check_access("write")
        self._retail_promo_apply()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === TAKING AND FREEING === #

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            order._retail_promo_take()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["retail.promotion.usage"]._release([order._retail_promo_key() for order in self])
        return result

    def _retail_promo_rows(self):
        return self.env["retail.promotion.usage"]._of_document(self._retail_promo_key())

    def _retail_promo_key(self):
        return f"{self._name},{self.id}"

    def _retail_promo_take(self):
        """Take from the limits what the order was given.

        What the customer signed or paid stands: when nothing is left, that is filed.
        """
        usage = self.env["retail.promotion.usage"]
        agreed = self._retail_promo_agreed()
        try:
            rows = usage._settle(
                self._retail_promo_usage_header(), self._retail_promo_entries(), force=agreed
            )
        except LimitReached as error:
            self._retail_promo_refuse(error.promotions)
        over = rows.filtered("over_limit").promotion_id
        if over:
            self._retail_promo_file_over(over)

    def _retail_promo_usage_header(self):
        """Return what the ledger keeps of the order itself."""
        # Who sells need not read the company that a contact belongs to, nor the store.
        order = self.sudo()
        member = snapshot.member_dict(order.partner_id)
        store, moment = order.retail_store_id, order.date_order
        return {
            "document": self._retail_promo_key(),
            "res_model": self._name,
            "res_id": self.id,
            "name": self.name,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "store_id": store.id,
            "channel_id": self.sale_channel_id.id,
            "partner_id": member["id"] if member else self.partner_id.id,
            "used_at": moment,
            "day": fields.Date.to_date(snapshot.wall_clock(moment, store._get_retail_tz())[:10]),
        }

    def _retail_promo_entries(self, taken=None):
        """Return the ledger's entries of what the order was given, see retail.promotion.usage."""
        versions = {
            line.retail_promotion_id.id: line.retail_promotion_version
            for line in self.order_line
            if line.retail_promotion_id
        }
        taken = self.retail_promo_taken if taken is None else taken
        promotions = self.env["retail.promotion"].sudo()
        return [
            {
                "promotion_id": entry["program"],
                "version": versions.get(entry["program"])
                or promotions.browse(entry["program"]).version,
                "orders": entry["orders"],
                "units": entry["units"],
                "amount": snapshot.from_minor(self.currency_id, entry["amount"]),
            }
            for entry in taken or []
        ]

    def _retail_promo_file_over(self, promotions):
        """File that an agreed order got what was used up meanwhile: a manager decides."""
        given = {str(entry["program"]): entry["amount"] for entry in self.retail_promo_taken or []}
        left = {key: minor for key, minor in given.items() if int(key) not in promotions.ids}
        currency = self.currency_id
        self.env["retail.promotion.difference"]._file(
            self,
            {
                "name": self.name,
                "sold_at": self.date_order,
                "company_id": self.company_id.id,
                "currency_id": currency.id,
                "store_id": self.retail_store_id.id,
                "partner_id": self.partner_id.id,
                "user_id": self.user_id.id,
                "till_outcome": given,
                "server_outcome": left,
                "till_amount": snapshot.from_minor(currency, sum(given.values())),
                "server_amount": snapshot.from_minor(currency, sum(left.values())),
                "reason": self.env._(
                    "The customer had signed or paid before it was used up: %(promotions)s.",
                    promotions=", ".join(promotions.mapped("name")),
                ),
            },
        )
