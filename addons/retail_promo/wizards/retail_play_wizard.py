from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailPlayWizard(models.TransientModel):
    """Draws for a member who stands at the counter or is on the phone."""

    _name = "retail.play.wizard"
    _description = "Draw for a Member"

    lottery_id = fields.Many2one("retail.lottery", domain="[('state', '=', 'open')]")
    packet_id = fields.Many2one(
        "retail.red.packet", string="Red Packets", domain="[('state', '=', 'open')]"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", domain="[('is_member', '=', True)]"
    )
    request_key = fields.Char(
        default=lambda self: uuid4().hex, readonly=True, help="Pressed twice, it draws once."
    )
    price_text = fields.Char(string="A Draw Costs", compute="_compute_texts")
    odds_text = fields.Text(string="Odds", compute="_compute_texts")
    refusal = fields.Text(compute="_compute_texts")
    draw_id = fields.Many2one("retail.lottery.draw", readonly=True)
    packet_draw_id = fields.Many2one("retail.red.packet.draw", readonly=True)
    result_text = fields.Text(compute="_compute_result_text")

    @api.model
    def _open(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draw for a Member"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    @api.depends("lottery_id", "packet_id", "partner_id")
    def _compute_texts(self):
        for wizard in self:
            campaign = wizard._campaign()
            wizard.price_text = campaign and campaign._play_price_text()
            wizard.odds_text = campaign and campaign._play_odds_text()
            wizard.refusal = (
                campaign._play_refusal_for(wizard.partner_id)
                if campaign and wizard.partner_id
                else False
            )

    @api.depends("draw_id", "packet_draw_id")
    def _compute_result_text(self):
        for wizard in self:
            wizard.result_text = wizard._draw()._play_text()

    def _campaign(self):
        return self.lottery_id or self.packet_id

    def _draw(self):
        # Who drew for a member sees the result, also of another store's member.
        return (self.packet_draw_id or self.draw_id).sudo()

    def action_draw(self):
        """Draw, and show the result in the same window."""
        self.ensure_one()
        self.partner_id.check_access("read")
        if not self._campaign():
            raise UserError(self.env._("Choose what is drawn from."))
        draw = self._campaign()._play(self.partner_id, self.request_key)
        self.write({"draw_id" if self.lottery_id else "packet_draw_id": draw.id})
        return {**self._open({}), "res_id": self.id}

    def action_again(self):
        """Open the window anew for the same campaign."""
        return self._open(
            {"default_lottery_id": self.lottery_id.id, "default_packet_id": self.packet_id.id}
        )
