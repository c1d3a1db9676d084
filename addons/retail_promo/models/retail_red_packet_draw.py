from odoo import fields, models

from ..draw_engine import next_amount
from .promotion_snapshot import to_minor


class RetailRedPacketDraw(models.Model):
    """A red packet that a member drew, what proves it, and the entry that booked it."""

    _name = "retail.red.packet.draw"
    _description = "Drawn Red Packet"
    _inherit = ["retail.play.draw.mixin"]
    _rec_name = "number"

    campaign_id = fields.Many2one(
        "retail.red.packet",
        string="Red Packets",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    amount = fields.Monetary(readonly=True)
    terms = fields.Json(
        readonly=True,
        help="In smallest units: what was left, for how many packets, least and most of each.",
    )
    terms_text = fields.Char(string="Left Before", compute="_compute_terms_text")
    seed_hash = fields.Char(related="campaign_id.seed_hash")
    move_id = fields.Many2one("account.move", string="Journal Entry", readonly=True, index=True)

    def _compute_terms_text(self):
        for record in self:
            terms = record.terms or {}
            record.terms_text = terms and self.env._(
                "%(left)s for %(count)s packets of %(least)s to %(most)s (smallest units)",
                left=terms["left"],
                count=terms["count"],
                least=terms["least"],
                most=terms["most"] or "∞",
            )

    def _play_result_holds(self):
        amount = next_amount(self.seed, **self.terms)
        return amount == to_minor(self.currency_id, self.amount)

    def _play_text(self):
        if not self:
            return False
        return self.env._(
            "%(amount)s are in the packet. They are on the member's e-wallet.",
            amount=self.currency_id.format(self.amount),
        )

    def _settle(self):
        """Take the price of the draw, give the money and tell the member."""
        self.ensure_one()
        self._play_take_price()
        packet = self.campaign_id
        reason = self.env._("Red packet %(name)s", name=packet.name)
        self._play_member()._retail_points(self.amount, packet, reason, program=packet.program_id)
        template = self.env.ref("retail_promo.mail_template_red_packet", False)
        if template and self.partner_id.email:
            template.send_mail(self.id)
