from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..crm_engine.category_words import split_words, suggest


class HelpdeskTicketCategory(models.Model):
    """What a request is about, in two levels: the kind of matter, and the matter itself."""

    _inherit = "helpdesk.ticket.category"

    retail_words = fields.Text(
        string="Words",
        help="Words by which the category is suggested, in any language, with commas between "
        "them: late, delay, 太慢.",
    )
    retail_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        string="Department",
        ondelete="set null",
        help="Where new requests of this category go; without one the category above decides.",
    )
    retail_training = fields.Boolean(
        string="About Behaviour",
        help="When a complaint of this category is resolved, the store's manager gets a to-do: "
        "train the person it was about.",
    )

    @api.constrains("parent_id", "retail_words", "retail_team_id")
    def _check_retail_levels(self):
        """Categories of requests have two levels; those of other tickets are left alone."""
        for category in self.filtered(lambda one: one.retail_words or one.retail_team_id):
            if category.parent_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(category)s would be on a third level; requests are sorted by two.",
                        category=category.name,
                    )
                )

    @api.model
    def _retail_suggest(self, title, text, company):
        """Return the category of which the words speak, or an empty record."""
        categories = self.search(
            Domain("retail_words", "!=", False) & Domain("company_id", "in", [False, company.id])
        )
        words = {category: split_words(category.retail_words) for category in categories}
        return suggest(text, words, title) or self.browse()

    def _retail_department(self):
        """Return the team that gets the requests of this category, or of the one above."""
        # Whoever opens a request may not read the departments that work on it.
        category = self.sudo()
        team = category.retail_team_id or category.parent_id.retail_team_id
        return team if team.active else team.browse()
