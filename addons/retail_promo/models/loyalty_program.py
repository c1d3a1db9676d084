from odoo import api, fields, models

# The programs of stock loyalty that only carry our coupons: no rules and no rewards, so that
# both of its engines leave their codes to us.
CARRIER = "retail_promotion"


def _retire(programs):
    """Our addon is uninstalled: its carriers stay as programs that nobody uses."""
    programs.write({"program_type": "coupons", "active": False})


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    program_type = fields.Selection(
        selection_add=[(CARRIER, "Coupons of Promotions")], ondelete={CARRIER: _retire}
    )

    @api.model
    def _program_items_name(self):
        return {**super()._program_items_name(), CARRIER: self.env._("Coupons")}

    @api.model
    def _program_type_default_values(self):
        carrier = {
            "applies_on": "current",
            "trigger": "with_code",
            "portal_visible": False,
            "portal_point_name": self.env._("Coupon point(s)"),
            "rule_ids": [(5, 0, 0)],
            "reward_ids": [(5, 0, 0)],
            "communication_plan_ids": [(5, 0, 0)],
        }
        return {**super()._program_type_default_values(), CARRIER: carrier}

    @api.model
    def _retail_carrier(self, company):
        """Return the program that holds a company's coupons of promotions."""
        # Nobody needs a right on programs for this one.
        programs = self.sudo()
        carrier = programs.search(
            [("program_type", "=", CARRIER), ("company_id", "=", company.id)], limit=1
        )
        if carrier:
            return carrier
        values = {
            "name": self.env._("Coupons of promotions"),
            "program_type": CARRIER,
            "company_id": company.id,
            **{name: False for name in ("sale_ok", "pos_ok", "ecommerce_ok") if name in self},
        }
        return programs.with_context(loyalty_skip_reward_check=True).create(values)
