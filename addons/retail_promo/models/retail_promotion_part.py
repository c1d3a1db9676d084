from odoo import api, fields, models


class RetailPromotionPart(models.AbstractModel):
    """A line of the rules of a promotion: changes only when its rules may change."""

    _name = "retail.promotion.part"
    _description = "Part of a Promotion"

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="promotion_id.company_id")

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.promotion_id._rules_touched()
        return parts

    def write(self, vals):
        self.promotion_id._check_rules_open()
        result = super().write(vals)
        self.promotion_id._rules_touched()
        return result

    def unlink(self):
        promotions = self.promotion_id
        promotions._check_rules_open()
        result = super().unlink()
        promotions._rules_touched()
        return result
