from odoo import models


class SaleLoyaltyCouponWizard(models.TransientModel):
    _inherit = "sale.loyalty.coupon.wizard"

    def action_apply(self):
        """Codes of ours open no choice of rewards: the order gets what the promotion gives."""
        self.ensure_one()
        order = self.order_id
        coupon = self.env["loyalty.card"]._retail_coupon_of(self.coupon_code, order.company_id)
        if not coupon:
            return super().action_apply()
        note = order._retail_coupon_enter(coupon)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if note else "success",
                "message": note or self.env._("Coupon %(code)s is on the order.", code=coupon.code),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
