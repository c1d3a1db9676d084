from odoo import fields, models


class RetailCommunication(models.Model):
    _inherit = "retail.communication"

    pos_order_id = fields.Many2one(
        "pos.order", string="Till Order", ondelete="set null", index="btree_not_null"
    )

    def _propose_documents(self, findings):
        codes = sorted({found.value for found in findings})
        receipts = self._named("pos.order", ("pos_reference", "name"), codes) if codes else ()
        return super()._propose_documents(findings) + [
            {
                "field": "pos_order_id",
                "value": {"id": order.id, "display_name": order.display_name},
                "label": self.env._("Till order %(order)s", order=order.pos_reference),
            }
            for order in receipts
            if order != self.pos_order_id
        ]
