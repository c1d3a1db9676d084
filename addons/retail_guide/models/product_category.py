from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductCategory(models.Model):
    _inherit = "product.category"

    retail_description = fields.Text(
        string="Description", translate=True, help="What belongs here, for those who sort goods in."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Refuse while products, archived ones too, or further categories hang on a category."""
        everything = self.sudo().with_context(active_test=False)  # of all companies
        for category in everything:
            children = category.child_id - everything
            if children:
                raise UserError(
                    self.env._(
                        "Category %(category)s holds %(count)s further categories"
                        " (%(names)s). Move or delete them first.",
                        category=category.name,
                        count=len(children),
                        names=", ".join(children[:5].mapped("name")),
                    )
                )
            products = everything.env["product.template"].search_count(
                [("categ_id", "child_of", category.id)]
            )
            if products:
                archived = everything.env["product.template"].search_count(
                    [("categ_id", "child_of", category.id), ("active", "=", False)]
                )
                raise UserError(
                    self.env._(
                        "Category %(category)s holds %(count)s products, %(archived)s of them"
                        " archived. Put them into another category first.",
                        category=category.name,
                        count=products,
                        archived=archived,
                    )
                )

    def action_retail_products(self):
        """Open the products of a category, archived ones too, to sort them anew."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("retail_guide.product_template_action")
        action["domain"] = [("categ_id", "child_of", self.id)]
        action["context"] = {"active_test": False, "retail_number": True}
        return action
