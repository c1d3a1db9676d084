from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """The member's card at the till, and what is done from it."""

    _inherit = "res.partner"

    def retail_till_card(self, config_id):
        """Return the member's card for a till: ``_retail_till_card`` and {care_results: the
        results that a care task can have, as [(value, label)], refunds: ``_retail_till_refunds``}.
        """
        config = self.env["pos.config"].browse(config_id)
        results = self.env["retail.care.task"]._fields["result"]
        return {
            **self.with_company(config.company_id)._retail_till_card(),
            "care_results": results._description_selection(self.env),
            "refunds": self.with_company(config.company_id)._retail_till_refunds(),
        }

    def _retail_till_refunds(self):
        """Return the refunds that wait at the till: [{id, receipt, amount, number}]."""
        # The service desk decided them, and the cashier pays them: no rights on all remedies.
        remedies = self.env["retail.complaint.remedy"].sudo()
        waiting = remedies.search(
            [
                ("partner_id", "in", self._retail_till_near().ids),
                ("state", "=", "till"),
                ("company_id", "=", self.env.company.id),
                ("ticket_id.retail_confidential", "=", False),
            ]
        )
        return [
            {
                "id": remedy.id,
                "receipt": remedy.made,
                "amount": remedy.amount,
                "number": remedy.ticket_id.number,
            }
            for remedy in waiting
        ]

    def retail_till_finish_care(self, task_id, result, note=""):
        """Finish a care task of this member at the till; return the tasks that are left.

        result: one of the task's results. The same answer sent twice changes nothing.
        """
        self.ensure_one()
        near = self._retail_till_near()
        # Whoever serves the member does what a guide was to do, without rights on all tasks.
        task = self.env["retail.care.task"].sudo().browse(task_id).exists()
        if not near or task.partner_id != self:
            raise UserError(
                self.env._("This is no care task of the member. Open the member's card again.")
            )
        if task.state != "done" or task.result != result:
            if task.state == "planned":
                task.action_start()
            task.write({"result": result, "result_note": note or False})
            task.action_done()
        company = self.with_company(task.company_id)
        return company._retail_till_care().get(self.id, [])
