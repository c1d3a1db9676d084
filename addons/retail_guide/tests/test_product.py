import base64
import io

from PIL import Image
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestProduct(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("product_manager", "retail_crm.group_store_manager")
        cls.category = cls.env["product.category"].create({"name": "Dresses"})

    def _typed(self, name, user=None, **values):
        """Return a product as the form of shops makes it."""
        products = self.env["product.template"].with_user(user or self.manager)
        return products.with_context(retail_number=True, default_is_storable=True).create(
            {"name": name, **values}
        )

    def test_numbers_follow_each_other(self):
        first, second = self._typed("One"), self._typed("Two")
        numbers = [int(product.default_code.lstrip("P")) for product in (first, second)]
        self.assertEqual(numbers[1], numbers[0] + 1)

    def test_a_number_that_somebody_typed_is_passed_over(self):
        first = self._typed("One")
        taken = f"P{int(first.default_code[1:]) + 1:06}"
        self._product("Typed", default_code=taken, active=False)
        self.assertEqual(self._typed("Two").default_code, f"P{int(first.default_code[1:]) + 2:06}")

    def test_an_own_number_is_kept_and_used_once(self):
        self.assertEqual(self._typed("One", default_code="OWN-1").default_code, "OWN-1")
        with self.assertRaisesRegex(ValidationError, "OWN-1 is used by One, Two"):
            self._typed("Two", default_code="OWN-1")

    def test_companies_may_use_the_same_number(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        self._product("Ours", default_code="SAME", company_id=self.company.id)
        self._product("Theirs", default_code="SAME", company_id=other.id)
        with self.assertRaises(ValidationError):
            self._product("Shared", default_code="SAME")

    def test_two_users_at_once_cannot_give_the_same_number(self):
        """What neither of two transactions sees of the other, the database refuses."""
        other = self.env["res.company"].create({"name": "Second Shop"})
        first, second, theirs = (
            self._product(f"Same {count}", default_code=f"S-{count}") for count in range(3)
        )
        theirs.company_id = other
        self.env.flush_all()
        take = "UPDATE product_product SET default_code = %s WHERE id = %s"
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(take, ["S-0", second.id])
            self.products["tea"].default_code = "T-0"
            self.cr.flush()
        self.cr.execute(take, ["S-0", theirs.id])
        self.cr.execute(take, ["", first.id])
        self.cr.execute(take, ["", second.id])
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_each_variant_has_its_number(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "M"})],
            }
        )
        template = (
            self.env["product.template"]
            .with_context(retail_number=True)
            .create(
                {
                    "name": "Shirt",
                    "attribute_line_ids": [
                        (
                            0,
                            0,
                            {
                                "attribute_id": attribute.id,
                                "value_ids": [(6, 0, attribute.value_ids.ids)],
                            },
                        )
                    ],
                }
            )
        )
        numbers = template.product_variant_ids.mapped("default_code")
        self.assertEqual(len(set(filter(None, numbers))), 2)

    def test_products_without_a_number_get_one_later(self):
        tea = self.products["tea"]
        self.assertFalse(tea.default_code)
        tea.product_tmpl_id.with_user(self.manager).action_retail_number()
        number = tea.default_code
        self.assertTrue(number)
        tea.product_tmpl_id.action_retail_number()
        self.assertEqual(tea.default_code, number)

    def test_the_form_of_shops(self):
        brand = self.env["product.brand"].create({"name": "T-Linen"})
        context = {"retail_number": True, "default_is_storable": True}
        products = self.env["product.template"].with_user(self.manager).with_context(**context)
        with Form(products, view="retail_guide.product_template_view_form") as form:
            form.name = "长裙"
            form.categ_id = self.category
            form.product_brand_id = brand
            form.retail_model = "L-20"
            form.list_price = 99.5
            form.retail_material = "Linen"
            form.description_sale = "Cool in summer"
        product = form.record
        self.assertTrue(product.default_code)
        self.assertEqual(product.retail_mnemonic, "CQ")
        self.assertTrue(product.is_storable)
        with Form(product, view="retail_guide.product_template_view_form") as form:
            with self.assertRaises(AssertionError):
                form.default_code = "OTHER"

    def test_a_small_picture_is_warned_of(self):
        def picture(width, height):
            stream = io.BytesIO()
            Image.new("RGB", (width, height)).save(stream, "PNG")
            return base64.b64encode(stream.getvalue())

        for size, warned in (((300, 900), True), ((600, 600), False)):
            product = self.env["product.template"].new({"name": "P", "image_1920": picture(*size)})
            self.assertEqual(bool(product._onchange_retail_images()), warned, size)
        self.assertFalse(
            self.env["product.template"].new({"image_1920": "12 Kb"})._onchange_retail_images()
        )

    def test_a_category_with_products_is_not_deleted(self):
        inner = self.env["product.category"].create(
            {"name": "Long", "parent_id": self.category.id, "retail_description": "To the ankle"}
        )
        product = self._product("Old", categ_id=inner.id)
        product.product_tmpl_id.action_archive()
        with self.assertRaisesRegex(UserError, "holds 1 further categories"):
            self.category.unlink()
        with self.assertRaisesRegex(UserError, "holds 1 products, 1 of them archived"):
            inner.unlink()
        with self.assertRaisesRegex(UserError, "holds 1 products"):
            (self.category | inner).unlink()
        product.categ_id = self.env["product.category"].create({"name": "Else"})
        (self.category | inner).unlink()
        self.assertFalse((self.category | inner).exists())

    def test_products_of_other_companies_keep_a_category(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        self._product("Theirs", categ_id=self.category.id, company_id=other.id)
        with self.assertRaisesRegex(UserError, "holds 1 products"):
            self.category.with_user(self.manager).unlink()

    def test_a_brand_in_use_is_archived_not_deleted(self):
        brand = self.env["product.brand"].create({"name": "T-Linen"})
        product = self._product("Dress", product_brand_id=brand.id, active=False)
        with self.assertRaisesRegex(UserError, "T-Linen is used by 1 products"):
            brand.with_user(self.manager).unlink()
        brand.with_user(self.manager).action_archive()
        product.product_brand_id = False
        brand.unlink()

    def test_two_brands_of_one_name_are_refused(self):
        self.env["product.brand"].create({"name": "T-Linen"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["product.brand"].create({"name": "t-linen "})

    def test_a_sold_product_is_not_deleted(self):
        self._sold(["tea"])
        with self.assertRaisesRegex(UserError, "sold or returned on 1 lines, at 1 places"):
            self.products["tea"].product_tmpl_id.unlink()
        unsold = self._product("Unsold")
        unsold.product_tmpl_id.with_user(self.manager).unlink()
        self.assertFalse(unsold.exists())

    def test_who_may_change_products(self):
        guide = self._user("product_guide", "retail_crm.group_guide")
        with self.assertRaises(AccessError):
            self._typed("Mine", user=guide)
        for record in (self.products["tea"], self.products["tea"].product_tmpl_id, self.category):
            with self.assertRaises(AccessError):
                record.with_user(guide).name = "Changed"
            with self.assertRaises(AccessError):
                record.with_user(guide).unlink()
