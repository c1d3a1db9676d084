import base64
import io

import openpyxl
import xlwt

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import GuideCase

HEADER = ("货号", "条码", "商品名称", "分类", "品牌", "售价", "材质")


@tagged("post_install", "-at_install")
class TestImportProduct(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env.ref("retail_guide.import_profile_product")

    def _row(self, number=1, **values):
        row = {
            "货号": f"IMP-{number}",
            "条码": f"6900000000{number:03}",
            "商品名称": f"长裙 {number}",
            "分类": "T-Clothes / Dresses",
            "品牌": "T-Linen",
            "售价": "99.50",
            "材质": "亚麻",
            **values,
        }
        return [row[name] for name in HEADER]

    def _csv(self, *rows, header=HEADER):
        return "\n".join(",".join(row) for row in (header, *rows)).encode()

    def _import(self, content, name="products.csv", dry_run=False, user=None):
        run = (
            self.env["retail.import.run"]
            .with_user(user or self.env.user)
            .create(
                {
                    "profile_id": self.profile.id,
                    "company_id": self.company.id,
                    "file": base64.b64encode(content),
                    "file_name": name,
                }
            )
        )
        run._run_now(dry_run=dry_run)
        return run

    def _assert_counts(self, run, total, done=0, unchanged=0, error=0):
        run.invalidate_recordset()
        counts = (run.total_count, run.done_count, run.unchanged_count, run.error_count)
        self.assertEqual(counts, (total, done, unchanged, error), run.message)

    def _found(self, number=1):
        products = self.env["product.product"].with_context(active_test=False)
        return products.search([("default_code", "=", f"IMP-{number}")])

    def test_new_products(self):
        self._assert_counts(self._import(self._csv(self._row(1), self._row(2))), 2, done=2)
        product = self._found()
        self.assertRecordValues(
            product,
            [
                {
                    "name": "长裙 1",
                    "barcode": "6900000000001",
                    "list_price": 99.5,
                    "retail_mnemonic": "CQ1",
                    "retail_material": "亚麻",
                    "is_storable": True,
                    "sale_ok": True,
                    "active": True,
                }
            ],
        )
        self.assertEqual(product.categ_id.complete_name, "T-Clothes / Dresses")
        self.assertEqual(product.product_brand_id.name, "T-Linen")
        self.assertEqual(self._found(2).categ_id, product.categ_id)
        self.assertEqual(self._found(2).product_brand_id, product.product_brand_id)

    def test_the_same_file_again_changes_nothing(self):
        content = self._csv(self._row(1), self._row(2))
        self._import(content)
        before = self._found().write_date
        queries = self.env.cr.sql_log_count
        self._assert_counts(self._import(content), 2, unchanged=2)
        self.assertLess(self.env.cr.sql_log_count - queries, 80)
        self.assertEqual(self._found().write_date, before)

    def test_changed_cells_are_written_empty_ones_leave_what_is_there(self):
        self._import(self._csv(self._row()))
        product = self._found()
        run = self._import(self._csv(self._row(**{"售价": "89", "材质": "", "品牌": ""})))
        self._assert_counts(run, 1, done=1)
        self.assertEqual(product.list_price, 89)
        self.assertEqual(product.retail_material, "亚麻")
        self.assertEqual(product.product_brand_id.name, "T-Linen")

    def test_found_by_barcode_and_given_its_number(self):
        product = self._product("Old", barcode="6900000000001")
        self._assert_counts(self._import(self._csv(self._row())), 1, done=1)
        self.assertRecordValues(product, [{"default_code": "IMP-1", "name": "长裙 1"}])

    def test_without_a_number_it_comes_by_itself(self):
        row = self._row(**{"货号": ""})
        self._assert_counts(self._import(self._csv(row)), 1, done=1)
        product = self.env["product.product"].search([("barcode", "=", "6900000000001")])
        self.assertTrue(product.default_code)
        self._assert_counts(self._import(self._csv(row)), 1, unchanged=1)

    def test_bad_rows_are_told_and_the_others_come_in(self):
        self._product("Other", barcode="6900000000009", default_code="OTHER")
        run = self._import(
            self._csv(
                self._row(1),
                self._row(2, **{"货号": "", "条码": ""}),
                self._row(3, **{"售价": "cheap"}),
                self._row(4, **{"售价": "-1"}),
                self._row(5, **{"条码": "6900000000009"}),
                self._row(1, **{"商品名称": "Twice"}),
                self._row(6, **{"商品名称": ""}),
                self._row(7, **{"商品名称": "'; DROP TABLE x; --🙂"}),
            )
        )
        self._assert_counts(run, 8, done=2, error=6)
        messages = {row.line_number: row.message for row in run.row_ids}
        self.assertIn("number or a barcode", messages[3])
        self.assertIn("cheap", messages[4])
        self.assertIn("less than 0", messages[5])
        self.assertIn("belongs to", messages[6])
        self.assertEqual(self._found(7).name, "'; DROP TABLE x; --🙂")

    def test_two_rows_with_one_barcode(self):
        run = self._import(self._csv(self._row(1), self._row(2, **{"条码": "6900000000001"})))
        self._assert_counts(run, 2, done=1, error=1)

    def test_a_dry_run_leaves_nothing(self):
        run = self._import(self._csv(self._row()), dry_run=True)
        self._assert_counts(run, 1, done=1)
        self.assertFalse(self._found())
        self.assertFalse(self.env["product.brand"].search([("name", "=", "T-Linen")]))

    def test_excel_files(self):
        book = xlwt.Workbook()
        sheet = book.add_sheet("Products")
        for line, row in enumerate((HEADER, self._row(1))):
            for column, cell in enumerate(row):
                sheet.write(line, column, 69.5 if line and column == 5 else cell)
        stream = io.BytesIO()
        book.save(stream)
        self._assert_counts(self._import(stream.getvalue(), "products.xls"), 1, done=1)
        self.assertEqual(self._found(1).list_price, 69.5)
        book = openpyxl.Workbook()
        book.active.append(HEADER)
        book.active.append(self._row(2))
        stream = io.BytesIO()
        book.save(stream)
        self._assert_counts(self._import(stream.getvalue(), "products.xlsx"), 1, done=1)
        self.assertEqual(self._found(2).barcode, "6900000000002")

    def test_products_of_other_companies_are_left_alone(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        theirs = self._product("Theirs", default_code="IMP-1", company_id=other.id)
        run = self._import(self._csv(self._row()))
        self._assert_counts(run, 1, error=1)
        self.assertIn("IMP-1 is used by", run.row_ids.message)
        self.assertEqual(theirs.name, "Theirs")

    def test_who_may_import(self):
        for group in ("group_guide", "group_order_clerk"):
            user = self._user(f"import_{group}", f"retail_crm.{group}")
            with self.assertRaises(AccessError):
                self._import(self._csv(self._row()), user=user)
