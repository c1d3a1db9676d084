from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command

DRAFT_DAYS = 14


class RetailPromotionTemplate(models.Model):
    """One of the usual promotions: fills in a draft, which the manager completes."""

    _name = "retail.promotion.template"
    _description = "Usual Promotion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help="What is left to be filled in.")
    icon = fields.Char(default="fa-tag", help="Name of a Font Awesome 4 icon.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    class_ids = fields.Many2many(
        "retail.customer.class", string="Member Classes", help="Whom the draft is for."
    )
    rules = fields.Json(
        required=True,
        help="Fields of the draft and their values; lines of a list as a list of such.",
    )

    def action_use(self):
        """Make a draft from the template and open it."""
        self.ensure_one()
        promotion = self.env["retail.promotion"].create(self._prepare_promotion_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": promotion._name,
            "res_id": promotion.id,
            "view_mode": "form",
        }

    def _prepare_promotion_values(self):
        start = fields.Datetime.now().replace(second=0)
        lines = {
            name: [Command.create(line) for line in value]
            for name, value in self.rules.items()
            if isinstance(value, list)
        }
        return {
            "name": self.name,
            "date_from": start,
            "date_to": start + timedelta(days=DRAFT_DAYS),
            "class_ids": [Command.set(self.class_ids.ids)],
            **self.rules,
            **lines,
        }
