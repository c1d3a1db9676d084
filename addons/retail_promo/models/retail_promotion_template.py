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
    beside = fields.Boolean(
        string="Beside the Best Price",
        help="The draft goes into a group of its own that comes first, so that it is given "
        "beside whatever else is the best price.",
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
            **({"group_id": self._beside_group().id, "stackable": True} if self.beside else {}),
            **self.rules,
            **lines,
        }

    def _beside_group(self):
        """Return the group of what is given beside the best price, made where it is missing."""
        best = self.env.company._retail_promo_default_group()
        groups = self.env["retail.promotion.group"]
        present = groups.search(
            [
                ("company_id", "=", self.env.company.id),
                ("mode", "=", "compound"),
                ("sequence", "<", best.sequence),
            ],
            limit=1,
        )
        return present or groups.create(
            {
                "name": self.env._("Gifts and delivery"),
                "mode": "compound",
                "sequence": best.sequence - 1,
                "company_id": self.env.company.id,
            }
        )
