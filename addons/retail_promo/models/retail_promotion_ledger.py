"""A promotion's way into the ledger: from its form to what was booked."""

from odoo import models


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    def action_view_journal_items(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_moves_all")
        domain = [("retail_promotion_id", "=", self.id), ("parent_state", "=", "posted")]
        return {**action, "domain": domain, "context": {}}

    def action_view_reconciliation(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_promotion_reconciliation_action"
        )
        return {**action, "domain": [("promotion_id", "=", self.id)], "context": {}}
