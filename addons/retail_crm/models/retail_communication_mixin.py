from odoo import fields, models


class RetailCommunicationMixin(models.AbstractModel):
    """Members and documents that communications are recorded from."""

    _name = "retail.communication.mixin"
    _description = "Subject of Communications"

    retail_communication_count = fields.Integer(
        string="Communication Count",
        compute="_compute_retail_communication_count",
        groups="retail_crm.group_guide,retail_crm.group_service",
    )

    def _communication_link(self):
        """Return the field of retail.communication that points to records of this model."""
        return "partner_id"

    def _communication_values(self):
        """Return the values of a new communication that the record knows."""
        return {self._communication_link(): self.id}

    def _compute_retail_communication_count(self):
        link = self._communication_link()
        counts = dict(
            self.env["retail.communication"]._read_group(
                [(link, "in", self.ids)], [link], ["__count"]
            )
        )
        for record in self:
            record.retail_communication_count = counts.get(record, 0)

    def action_log_communication(self):
        """Open the short form of a new communication, with the member filled in."""
        self.ensure_one()
        values = self._communication_values()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log Communication"),
            "res_model": "retail.communication",
            "view_mode": "form",
            "views": [(self.env.ref("retail_crm.retail_communication_view_form_quick").id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items() if value},
        }

    def action_view_communications(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_communication_action"
        )
        values = self._communication_values()
        action["domain"] = [(self._communication_link(), "=", self.id)]
        action["context"] = {f"default_{name}": value for name, value in values.items() if value}
        return action
