from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _retail_forget_thread(self):
        """Delete the messages and files of these records: they tell of an erased member."""
        on_these = [("model", "=", self._name), ("res_id", "in", self.ids)]
        messages = self.env["mail.message"].sudo().search(on_these)
        messages.attachment_ids.unlink()
        messages.unlink()
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
