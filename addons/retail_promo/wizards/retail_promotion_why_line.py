from odoo import fields, models


class RetailPromotionWhyLine(models.TransientModel):
    _name = "retail.promotion.why.line"
    _description = "Reason of One Promotion"
    _order = "sequence, id"

    wizard_id = fields.Many2one("retail.promotion.why", required=True, ondelete="cascade")
    sequence = fields.Integer()
    promotion_id = fields.Many2one("retail.promotion", required=True, ondelete="cascade")
    reward_text = fields.Char(related="promotion_id.reward_text")
    applied = fields.Boolean(string="Applies")
    reason = fields.Char(string="Why")
