from odoo import api, fields, models


class RetailForbiddenWord(models.Model):
    """Words that no text of a product may hold, such as promises the law forbids."""

    _name = "retail.forbidden.word"
    _description = "Forbidden Word"
    _order = "name"

    name = fields.Char(string="Word", required=True)
    reason = fields.Char(help="Why, for those who look for another word.")
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(lower(btrim(name)))", "This word is on the list already.")
    _name_filled = models.Constraint("CHECK(btrim(name) != '')", "Write a word.")

    @api.depends("name", "reason")
    def _compute_display_name(self):
        for word in self:
            word.display_name = f"{word.name} ({word.reason})" if word.reason else word.name

    @api.model
    def _find(self, texts):
        """Return the words that occur in texts, whatever their case.

        Chinese has no gaps between words: a word counts wherever its letters stand together.
        """
        joined = "\n".join(texts).casefold()
        # Whoever submits a product need not see the list.
        return self.sudo().search([]).filtered(lambda word: word.name.strip().casefold() in joined)
