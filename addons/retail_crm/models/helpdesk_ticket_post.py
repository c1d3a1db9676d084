from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    retail_post_url = fields.Char(
        string="Post",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Address of the post or chat that was imported.",
    )
    retail_posted_at = fields.Datetime(string="Posted On", copy=False, readonly=True)

    @api.model
    def message_new(self, msg, custom_values=None):
        """Requests that come by mail say so."""
        mail = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email")
        return super().message_new(msg, {"channel_id": mail.id, **(custom_values or {})})
