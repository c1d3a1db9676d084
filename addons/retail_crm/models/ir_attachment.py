from odoo import api, models
from odoo.exceptions import UserError

from .retail_communication import ERASING

CONTENT_FIELDS = {"raw", "datas", "url", "store_fname", "db_datas", "res_model", "res_id"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_locked_communication(self):
        self._check_communication_not_locked()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        """What a store has shown of a task that is done stays."""
        files = self.sudo().filtered(lambda file: file.res_model == "retail.store.task")
        # The task may be of a colleague.
        tasks = self.env["retail.store.task"].sudo().browse(files.mapped("res_id")).exists()
        if tasks.filtered(lambda task: task.state == "done" and task.attachment_ids & files):
            raise UserError(self.env._("The file is the proof of a task that is done."))

    def write(self, vals):
        if CONTENT_FIELDS & vals.keys():
            self._check_communication_not_locked()
        return super().write(vals)

    def _check_communication_not_locked(self):
        """Refuse to touch files of locked communications, whatever the user may see."""
        if self.env.context.get("retail_erase") is ERASING:
            return
        files = self.sudo().filtered(lambda file: file.res_model == "retail.communication")
        if not files:
            return
        owners = self.env["retail.communication"].sudo().browse(files.mapped("res_id")).exists()
        if owners.filtered("is_locked"):
            raise UserError(self.env._("The file belongs to a communication that is locked."))
