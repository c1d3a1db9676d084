from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class RetailPromotionGroup(models.Model):
    _name = "retail.promotion.group"
    _description = "Promotion Group"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    sequence = fields.Integer(
        default=10, help="Groups are evaluated in this order, each on what the last one left."
    )
    mode = fields.Selection(
        [
            ("best", "The best one wins"),
            ("best_line", "The best one wins on each line"),
            ("exclusive", "The first one that applies wins"),
            ("compound", "All apply, one after the other"),
        ],
        required=True,
        default="best",
        string="Together",
        help="What happens when several promotions of the group fit the same basket.",
    )
    is_default = fields.Boolean(readonly=True, copy=False)
    promotion_ids = fields.One2many("retail.promotion", "group_id", string="Promotions")

    _default_uniq = models.UniqueIndex(
        "(company_id) WHERE is_default", "A company has one default promotion group."
    )
    _name_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "The company has a promotion group of this name."
    )

    @api.constrains("mode", "promotion_ids")
    def _check_mode(self):
        self.promotion_ids._check_group_mode()

    @api.constrains("active")
    def _check_active(self):
        for group in self:
            if not group.active and group.promotion_ids:
                raise ValidationError(
                    self.env._(
                        "The group %(name)s still has promotions. Move or archive them first.",
                        name=group.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        self.env["retail.promotion"]._clear_engine_cache()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if {"mode", "sequence", "active"} & vals.keys():
            self.env["retail.promotion"]._clear_engine_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["retail.promotion"]._clear_engine_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_default(self):
        if any(group.is_default for group in self):
            raise UserError(self.env._("The default promotion group of a company stays."))
