"""Cards of stock loyalty on orders: who has a code gets its card, who has only a number doesn't."""

from odoo import api, models
from odoo.fields import Command

CARD_FIELDS = ("applied_coupon_ids", "retail_coupon_ids")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._retail_check_cards(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._retail_check_cards(vals)
        return super().write(vals)

    @api.model
    def _retail_check_cards(self, vals):
        """Refuse cards that the user doesn't see: on an order of theirs they would show."""
        ids = set()
        for name in CARD_FIELDS:
            for command in vals.get(name) or ():
                if command[0] == Command.LINK:
                    ids.add(command[1])
                elif command[0] == Command.SET:
                    ids.update(command[2])
        if ids:
            self.env["loyalty.card"].browse(ids).check_access("read")

    def _try_apply_code(self, code):
        card = self._retail_card_of(code)
        if not card or card.with_env(self.env).has_access("read"):
            return super()._try_apply_code(code)
        # Whoever holds a code may use it; stock looks it up as the user, who sees no such list.
        found = super(SaleOrder, self.sudo())._try_apply_code(code)
        if "error" in found:
            return found
        return {
            coupon.with_env(self.env): rewards.with_env(self.env)
            for coupon, rewards in found.items()
        }

    @api.model
    def _retail_card_of(self, code):
        """Return stock's card with exactly this code, also one that the user doesn't see."""
        # Past the rules: see `_try_apply_code`.
        return self.env["loyalty.card"].sudo().search([("code", "=", code or "")])
