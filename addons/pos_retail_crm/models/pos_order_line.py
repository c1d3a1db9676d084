from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosOrderLine(models.Model):
    _name = "pos.order.line"
    _inherit = ["pos.order.line", "retail.fact.till.line"]

    retail_guide_id = fields.Many2one(
        "res.users",
        string="Guide",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="Who sold it: chosen at the till, else the member's guide, else the cashier. What "
        "comes back is taken from the guide who sold it.",
    )
    retail_second_guide_id = fields.Many2one(
        "res.users",
        string="Second Guide",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="Who sold it together with the guide: has a share of the amounts in reports.",
    )
    retail_second_share = fields.Float(
        string="Share of the Second Guide (%)",
        digits=(5, 2),
        readonly=True,
        help="Above 0 and below 100; the rest, to the cent, is the guide's.",
    )

    @api.constrains("retail_guide_id", "retail_second_guide_id", "retail_second_share")
    def _check_retail_second_guide(self):
        for line in self.filtered("retail_second_guide_id"):
            if not line.retail_guide_id:
                raise ValidationError(
                    self.env._("Name the first guide of a line before the second one.")
                )
            if line.retail_guide_id == line.retail_second_guide_id:
                raise ValidationError(
                    self.env._(
                        "%(guide)s can't share with themselves: choose another second guide.",
                        guide=line.retail_guide_id.name,
                    )
                )
            if not 0 < line.retail_second_share < 100:
                raise ValidationError(
                    self.env._(
                        "The share of the second guide is above 0 and below 100 percent,"
                        " not %(share)s.",
                        share=line.retail_second_share,
                    )
                )

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "retail_guide_id",
            "retail_second_guide_id",
            "retail_second_share",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """A guide who is gone meanwhile never keeps an order from being saved."""
        names = ("retail_guide_id", "retail_second_guide_id")
        named = {vals[name] for vals in vals_list for name in names if vals.get(name)}
        if named:
            gone = named - set(self.env["res.users"].sudo().browse(named).exists().ids)
            vals_list = [self._retail_without_gone(vals, gone) for vals in vals_list]
        return super().create(vals_list)

    @staticmethod
    def _retail_without_gone(vals, gone):
        """Return the values without guides who are gone; nobody shares with one of them."""
        if not gone & {vals.get("retail_guide_id"), vals.get("retail_second_guide_id")}:
            return vals
        guide = vals.get("retail_guide_id")
        return {
            **vals,
            "retail_guide_id": False if guide in gone else guide,
            "retail_second_guide_id": False,
            "retail_second_share": 0.0,
        }

    def _retail_fill_guides(self):
        """Name the guides of lines for which the till named nobody."""
        open_lines = self.filtered(lambda line: not line.retail_guide_id)
        named = open_lines.grouped(lambda line: (line._fact_guide(), *line._fact_second()))
        for (guide, second, share), lines in named.items():
            if guide:
                lines.write(lines._retail_guide_values(guide, second, share))

    @api.model
    def _retail_guide_values(self, guide, second, share):
        """Return the values that give a line to a guide, or to two."""
        return {
            "retail_guide_id": guide.id,
            "retail_second_guide_id": second.id,
            "retail_second_share": share if second else 0.0,
        }
