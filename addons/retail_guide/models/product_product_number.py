from collections import Counter

from odoo import api, models
from odoo.exceptions import ValidationError

#: Numbers of the sequence that somebody has typed already, before it gives up.
MAX_TAKEN = 1000


class ProductProduct(models.Model):
    """Products of shops are numbered by themselves; no number is used twice."""

    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        if self.env.context.get("retail_number"):
            products.action_retail_number()
        return products

    def action_retail_number(self):
        """Give the next numbers to those that have none."""
        self.check_access("write")
        for product in self.filtered(lambda product: not product.default_code):
            product.default_code = self._retail_next_number()

    @api.model
    def _retail_next_number(self):
        """Return the next number of the sequence that no product has."""
        everything = self.sudo().with_context(active_test=False)
        for _attempt in range(MAX_TAKEN):
            # Users of shops may number products, but not read sequences.
            number = self.env["ir.sequence"].sudo().next_by_code("retail.product")
            if not number:
                raise ValidationError(
                    self.env._("Make a sequence with the code retail.product first.")
                )
            if not everything.search_count([("default_code", "=", number)], limit=1):
                return number
        raise ValidationError(
            self.env._(
                "The next %(count)s product numbers are taken. Raise the next number of the"
                " sequence retail.product.",
                count=MAX_TAKEN,
            )
        )

    @api.constrains("default_code")
    def _check_retail_number(self):
        """Refuse a number that another product of the same company has, archived or not."""
        numbered = self.sudo().filtered("default_code")  # others' products count, too
        if not numbered:
            return
        groups = numbered.with_context(active_test=False)._read_group(
            [("default_code", "in", numbered.mapped("default_code"))],
            ["default_code"],
            ["id:recordset"],
        )
        for number, products in groups:
            companies = Counter(product.company_id for product in products)
            shared = companies.pop(self.env["res.company"], 0)
            if shared + max(companies.values(), default=0) > 1:
                raise ValidationError(
                    self.env._(
                        "The number %(number)s is used by %(products)s. Each product has a number"
                        " of its own.",
                        number=number,
                        products=", ".join(sorted(set(products.mapped("name")))),
                    )
                )
