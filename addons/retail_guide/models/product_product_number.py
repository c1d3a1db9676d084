from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

#: Numbers of the sequence that somebody has typed already, before it gives up.
MAX_TAKEN = 1000


class ProductProduct(models.Model):
    """Products of shops are numbered by themselves; no number is used twice."""

    _inherit = "product.product"

    retail_number_company_id = fields.Many2one(
        "res.company",
        string="Company of the Number",
        related="product_tmpl_id.company_id",
        store=True,
        help="Within it a number is used once; empty: among the products that all companies sell.",
    )

    # Two transactions at once don't see each other's products: the later one is refused by this.
    # Deferred, for the ORM inserts a number before it works out the company.
    _retail_number_excl = models.Constraint(
        "EXCLUDE USING btree (default_code WITH =, COALESCE(retail_number_company_id, 0) WITH =)"
        " WHERE (default_code IS NOT NULL AND default_code != '')"
        " DEFERRABLE INITIALLY DEFERRED",
        "Another product has just got this number. Each product has a number of its own.",
    )

    def _auto_init(self):
        """Fill the new column before numbers are compared by it."""
        if not column_exists(self.env.cr, self._table, "retail_number_company_id"):
            create_column(self.env.cr, self._table, "retail_number_company_id", "int4")
            self.env.cr.execute(
                SQL(
                    """UPDATE product_product product
                          SET retail_number_company_id = template.company_id
                         FROM product_template template
                        WHERE template.id = product.product_tmpl_id
                          AND template.company_id IS NOT NULL"""
                )
            )
        return super()._auto_init()

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
        commit = self.env.cr.precommit
        if not commit.data.get("retail_numbers"):
            commit.data["retail_numbers"] = True
            commit.add(self._retail_compare_numbers)
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

    def _retail_compare_numbers(self):
        """Let the database look now: what the commit itself refuses gets no words of ours."""
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
