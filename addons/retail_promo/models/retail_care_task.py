from odoo import fields, models
from odoo.exceptions import UserError


class RetailCareTask(models.Model):
    _inherit = "retail.care.task"

    form = fields.Selection(
        selection_add=[("coupon", "Coupon by Email")], ondelete={"coupon": "cascade"}
    )
    coupon_id = fields.Many2one(
        "loyalty.card", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _deliver_coupon(self):
        """Issue the member's coupon and mail it; another try mails the same one."""
        if not self.coupon_id:
            try:
                self.coupon_id = self.plan_id.coupon_promotion_id._issue_coupon(
                    self.partner_id, origin=self.strategy_id, store=self.store_id
                )
            except UserError as error:  # the promotion has ended meanwhile
                return False, str(error), False
        return self._send_template(self.plan_id.mail_template_id)
