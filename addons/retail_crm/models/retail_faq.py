from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..crm_engine.category_words import rank


class RetailFaq(models.Model):
    """A question that customers ask, and the answer that was checked."""

    _name = "retail.faq"
    _description = "Question and Answer"
    _order = "sequence, id"
    _rec_name = "question"

    question = fields.Char(required=True, translate=True)
    answer = fields.Text(
        required=True, translate=True, help="In plain words, as the customer reads it."
    )
    words = fields.Char(
        string="Also Found By", help="Further words, in any language, with commas between them."
    )
    category_id = fields.Many2one("helpdesk.ticket.category", ondelete="set null")
    company_id = fields.Many2one("res.company", help="All companies when empty.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    use_count = fields.Integer(string="Times Used", readonly=True, copy=False)

    @api.model
    def _for(self, title, text, company):
        """Return the articles that fit the words of a request, the best first."""
        articles = self.search(Domain("company_id", "in", [False, company.id]))
        contents = {
            article: " ".join(filter(None, (article.question, article.words)))
            for article in articles
        }
        found = rank(f"{title or ''} {html2plaintext(text or '')}", contents)
        return self.browse(article.id for article in found)

    def action_use(self):
        """Take the answer over as the solution of the request in the context."""
        self.ensure_one()
        ticket = self.env["helpdesk.ticket"].browse(self.env.context.get("ticket_id"))
        solution = "\n\n".join(filter(None, ((ticket.solution or "").strip(), self.answer)))
        ticket.solution = solution
        # Agents count an article's uses, they don't write articles.
        self.sudo().use_count += 1
