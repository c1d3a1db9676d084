from odoo import api, fields, models


class RetailCarePlan(models.Model):
    _inherit = "retail.care.plan"

    form = fields.Selection(
        selection_add=[("coupon", "Coupon by Email")], ondelete={"coupon": "cascade"}
    )
    coupon_promotion_id = fields.Many2one(
        "retail.promotion",
        string="Coupon Of",
        domain="[('needs_coupon', '=', True), ('company_id', '=', company_id)]",
        ondelete="set null",
        help="Each member gets a coupon of this promotion; the template may name its code: "
        "object.coupon_id.code.",
    )

    @api.model
    def _automatic_forms(self):
        return super()._automatic_forms() | {"coupon"}

    @api.model
    def _needs(self):
        return super()._needs() | {"coupon": ("has_mail", "mail_allowed")}

    @api.depends("coupon_promotion_id")
    def _compute_lacks_template(self):
        return super()._compute_lacks_template()

    @api.constrains("form", "mail_template_id", "coupon_promotion_id")
    def _check_template(self):
        return super()._check_template()

    def _lacks_template(self):
        if self.form == "coupon":
            return not (self.mail_template_id and self.coupon_promotion_id)
        return super()._lacks_template()
