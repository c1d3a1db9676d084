from odoo import api, fields, models
from odoo.tools import format_datetime

from ..models import promotion_snapshot as snapshot
from ..models.promotion_reasons import REASONS


class RetailPromotionWhy(models.TransientModel):
    _name = "retail.promotion.why"
    _description = "Why a Promotion Applies or Not"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("retail.promotion.why.line", "wizard_id", readonly=True)
    is_agreed = fields.Boolean(compute="_compute_is_agreed")

    @api.depends("order_id.state", "order_id.locked")
    def _compute_is_agreed(self):
        for wizard in self:
            order = wizard.order_id
            wizard.is_agreed = order.locked or order.state not in ("draft", "sent")

    @api.model
    def _open(self, order):
        """Return the action that shows, for an order, each promotion with its reason."""
        order.check_access("read")
        wizard = self.create(
            {
                "order_id": order.id,
                "line_ids": [(0, 0, values) for values in self._explained(order)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promotions on %(order)s", order=order.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    @api.model
    def _explained(self, order):
        """Return the values of one line per promotion: applied ones first."""
        outcome = order._retail_promo_outcome(explain=True) or {
            "applied": [],
            "rejected": [],
            "hints": [],
        }
        hints = {hint["program"]: hint for hint in outcome["hints"]}
        lines = [self._applied_values(order, entry) for entry in outcome["applied"]]
        lines += [
            self._rejected_values(order, entry["program"], entry["reason"], hints)
            for entry in outcome["rejected"]
        ]
        paused = self.env["retail.promotion"].search(
            [("company_id", "=", order.company_id.id), ("state", "=", "paused")]
        )
        lines += [self._rejected_values(order, item.id, "paused", {}) for item in paused]
        return [{**line, "sequence": place} for place, line in enumerate(lines)]

    def _applied_values(self, order, entry):
        _ = self.env._
        amount = snapshot.from_minor(order.currency_id, entry["amount"])
        text = _("Gives %(amount)s.", amount=order.currency_id.format(amount))
        gifts = entry.get("gifts")
        if gifts:
            text = _(
                "Gives %(count)s as a gift, worth %(amount)s.",
                count=gifts["chosen"],
                amount=order.currency_id.format(amount),
            )
            if gifts["chosen"] < gifts["units"]:
                text += " " + _("Of its gifts there are too few in stock.")
        elif entry.get("points"):
            text = _("Gives %(points)s extra points to a member.", points=entry["points"])
        elif entry.get("delivery") and not amount:
            text = _("Delivery is free; no delivery is charged on the order.")
        return {"promotion_id": entry["program"], "applied": True, "reason": text}

    def _rejected_values(self, order, promotion_id, reason, hints):
        promotion = self.env["retail.promotion"].sudo().browse(promotion_id)
        text = self._detailed(order, promotion, reason) or str(REASONS.get(reason, reason))
        hint = hints.get(promotion_id)
        if hint:
            text = self.env._(
                "%(reason)s %(missing)s more is needed.",
                reason=text,
                missing=order._retail_promo_missing_text(hint),
            )
        return {"promotion_id": promotion_id, "applied": False, "reason": text}

    def _detailed(self, order, promotion, reason):
        """Return a reason with what it is measured by, None when there is nothing to add."""
        _ = self.env._
        if reason == "not_started":
            return _("It starts on %(date)s.", date=self._moment(promotion.date_from))
        if reason == "ended":
            return _("It ended on %(date)s.", date=self._moment(promotion.date_to))
        if reason == "currency":
            return _("It holds in %(currency)s only.", currency=promotion.currency_id.name)
        if reason == "spend":
            return self._spend_text(order, promotion)
        if reason == "code":
            return self._coupon_text(order, promotion)
        return self._named(promotion, reason)

    def _named(self, promotion, reason):
        """Return whom or what a promotion names, None when the reason isn't one of them."""
        _ = self.env._
        if reason == "store":
            return _("It holds in other stores: %(names)s.", names=_names(promotion.store_ids))
        if reason == "channel":
            return _("It holds on other channels: %(names)s.", names=_names(promotion.channel_ids))
        if reason == "class":
            return _("It is for members of: %(names)s.", names=_names(promotion.class_ids))
        if reason == "tag":
            return _("It is for members with: %(names)s.", names=_names(promotion.member_tag_ids))
        if reason == "segment":
            return _("It is for members in: %(names)s.", names=_names(promotion.segment_ids))
        return None

    def _spend_text(self, order, promotion):
        currency = order.company_id.currency_id
        key = snapshot.spend_key(promotion.spend_days)
        member = order._retail_promo_cart(None)["member"]
        return self.env._(
            "The member has spent %(spent)s of the %(wanted)s that it asks for.",
            spent=currency.format(snapshot.from_minor(currency, member["spend"].get(key, 0))),
            wanted=currency.format(promotion.spend_amount),
        )

    def _coupon_text(self, order, promotion):
        # The code is known to whoever entered it.
        for coupon in order.sudo().retail_coupon_ids:
            if coupon.retail_promotion_id == promotion:
                refusal = order._retail_coupon_refusal(coupon, order.date_order)
                return refusal and coupon._retail_refusal_text(refusal)
        return self.env._("It needs a coupon, and none was entered on the order.")

    def _moment(self, moment):
        return format_datetime(self.env, moment)


def _names(records):
    return ", ".join(records.mapped("display_name"))
