from odoo import api, fields, models

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
        amount = snapshot.from_minor(order.currency_id, entry["amount"])
        return {
            "promotion_id": entry["program"],
            "applied": True,
            "reason": self.env._("Gives %(amount)s.", amount=order.currency_id.format(amount)),
        }

    def _rejected_values(self, order, promotion_id, reason, hints):
        text = str(REASONS.get(reason, reason))
        hint = hints.get(promotion_id)
        if hint:
            text = self.env._(
                "%(reason)s %(missing)s more is needed.",
                reason=text,
                missing=order._retail_promo_missing_text(hint),
            )
        return {"promotion_id": promotion_id, "applied": False, "reason": text}
