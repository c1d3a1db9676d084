from odoo import api, fields, models


class RetailCommunicationMethod(models.Model):
    """The live chat is open while an operator is on line."""

    _inherit = "retail.communication.method"

    carrier = fields.Selection(
        selection_add=[("livechat", "Live chat of this system")],
        ondelete={"livechat": "set null"},
    )

    def _compute_health(self):
        result = super()._compute_health()
        if chats := self.filtered(lambda method: method.carrier == "livechat"):
            chats.is_blocked = self._livechat_unattended()
        return result

    def _compute_block_reason(self):
        result = super()._compute_block_reason()
        for method in self.filtered(lambda one: one.is_blocked and one.carrier == "livechat"):
            method.block_reason = self.env._(
                "Nobody is on line in Live Chat: visitors get no answer. Let a colleague sign in."
            )
        return result

    @api.model
    def _livechat_unattended(self):
        """Return whether there are live chat channels, and nobody on line in any of them."""
        # Whether somebody is on line is no secret; who that is does not leave here.
        channels = self.env["im_livechat.channel"].sudo().search([]).filtered("user_ids")
        return bool(channels) and not channels.available_operator_ids
