from odoo import models


class RetailCareTask(models.Model):
    _name = "retail.care.task"
    _inherit = ["retail.care.task", "retail.visit.mixin"]

    def _visit_booking(self):
        values = self._visit_of(self.partner_id, self.store_id, self.user_id)
        return {**values, "retail_care_task_id": self.id}
