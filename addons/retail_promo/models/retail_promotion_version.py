from odoo import api, fields, models

from .promotion_words import changed_rules


class RetailPromotionVersion(models.Model):
    """The rules of a promotion as they once were, in the engine's form.

    Documents name the version they were made with, so that a refund or a late till order
    is judged by the rules that held then.
    """

    _name = "retail.promotion.version"
    _description = "Promotion Version"
    _order = "promotion_id, version desc"
    _rec_name = "version"

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="promotion_id.company_id")
    version = fields.Integer(required=True)
    program = fields.Json(required=True)
    changes = fields.Text(
        compute="_compute_changes", help="What differs from the version before, in words."
    )

    _version_uniq = models.Constraint(
        "UNIQUE(promotion_id, version)", "A version of a promotion is kept once."
    )

    @api.depends("program", "promotion_id.version_ids.program")
    @api.depends_context("lang", "tz")
    def _compute_changes(self):
        for version in self:
            earlier = version.promotion_id.version_ids.filtered(
                lambda other, version=version: other.version < version.version
            )
            before = max(earlier, key=lambda other: other.version, default=None)
            version.changes = (
                "\n".join(
                    changed_rules(
                        self.env,
                        version.promotion_id.currency_id,
                        before.program,
                        version.program,
                    )
                )
                if before
                else self.env._("The first rules")
            )
