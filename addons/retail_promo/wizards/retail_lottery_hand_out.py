from odoo import fields, models


class RetailLotteryHandOut(models.TransientModel):
    """Hands the gift of a draw to the member, from the stock of a store."""

    _name = "retail.lottery.hand.out"
    _description = "Hand Out a Gift"

    draw_id = fields.Many2one("retail.lottery.draw", required=True, readonly=True)
    company_id = fields.Many2one(related="draw_id.company_id")
    partner_id = fields.Many2one(related="draw_id.partner_id")
    prize_id = fields.Many2one(related="draw_id.prize_id")
    store_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        default=lambda self: self.env.user.retail_store_id,
    )

    def action_hand_out(self):
        self.ensure_one()
        self.draw_id.check_access("read")
        self.draw_id._hand_out(self.store_id)
        return {"type": "ir.actions.act_window_close"}
