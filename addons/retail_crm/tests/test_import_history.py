from datetime import date, datetime

from odoo.tests import tagged

from .test_import_run import ImportCase


@tagged("post_install", "-at_install")
class TestImportHistory(ImportCase):
    """What a line of history becomes in the table of sold lines."""

    def _message(self, **values):
        run = self._import(self._csv(self._line(**values)))
        self.assertEqual(self._counts(run), (1, 0, 0, 1))
        self.assertFalse(self._sold())
        return run.row_ids.message

    def test_values(self):
        self._import(self._csv(self._line()))
        self.assertRecordValues(
            self._sold(),
            [
                {
                    "source_model": "retail.import.history",
                    "source_line": f"{self.store.id},T00001,1",
                    "event": "sold",
                    "basket": f"history,{self.store.id},T00001",
                    "document": "T00001",
                    "sold_at": datetime(2025, 3, 9, 20, 30),
                    "day": date(2025, 3, 10),
                    "company_id": self.company.id,
                    "store_id": self.store.id,
                    "channel_id": self.env.ref("retail_crm.channel_store").id,
                    "partner_id": self.member.id,
                    "product_id": self.apple.id,
                    "qty": 2.0,
                    "price_subtotal": 19.0,
                    "price_tax": 0.0,
                    "price_total": 19.0,
                    "discount_amount": 1.0,
                    "promotion_amount": 0.0,
                    "currency_id": self.company.currency_id.id,
                    "amount_company": 19.0,
                    "total_company": 19.0,
                }
            ],
        )

    def test_day_without_a_time(self):
        self._import(self._csv(self._line(Date="2025-03-10")))
        self.assertEqual(self._sold().day, date(2025, 3, 10))
        self.assertEqual(self._sold().sold_at, datetime(2025, 3, 10, 4))

    def test_taxes_are_worked_out_from_the_product(self):
        self.apple.taxes_id = self.tax_excluded
        self.pear.taxes_id = self.tax_included
        content = self._csv(
            self._line(1, Amount="11.30", Discount="1.13"),
            self._line(2, Amount="11.30", Discount="1.13", Product="T-Pear"),
        )
        self._import(content)
        paid = {"price_subtotal": 10.0, "price_tax": 1.3, "price_total": 11.3}
        self.assertRecordValues(self._sold(), [{**paid, "discount_amount": 1.13}] * 2)
        self.profile.amounts_tax = "excluded"
        self._import(content)
        net = {"price_subtotal": 11.3, "price_tax": 1.47, "price_total": 12.77}
        self.assertRecordValues(self._sold(), [{**net, "discount_amount": 1.28}] * 2)
        self.profile.amounts_tax = "none"
        self._import(content)
        self.assertRecordValues(
            self._sold(), [{"price_subtotal": 11.3, "price_tax": 0.0, "price_total": 11.3}] * 2
        )

    def test_stated_tax_cost_guide_and_channel(self):
        header = "Receipt,Line,Date,Store,Product,Quantity,Amount,Tax,Cost,Guide,Channel"
        line = f"T1,1,2025-03-10,TS1,T-Apple,2,20.00,2.50,8.40,{self.env.user.login},Web Shop"
        self._import(self._csv(line, header=header))
        self.assertRecordValues(
            self._sold(),
            [
                {
                    "price_subtotal": 17.5,
                    "price_tax": 2.5,
                    "cost": 8.4,
                    "guide_id": self.env.user.id,
                    "channel_id": self.env.ref("retail_crm.channel_web").id,
                    "partner_id": False,
                }
            ],
        )

    def test_returns(self):
        header = HEADER_WITH_ORIGIN
        self._import(
            self._csv(
                self._line(1) + ",",
                self._line(2, Quantity="-1", Discount="-0.50", Amount="-9.50", Kind="Return")
                + ",T00001",
                self._line(3, Quantity="1", Discount="0.50", Amount="9.50", Kind="退货")
                + ",T00001",
                header=header,
            )
        )
        back = {
            "event": "returned",
            "basket": f"history,{self.store.id},T00001",
            "qty": -1.0,
            "price_total": -9.5,
            "discount_amount": -0.5,
        }
        self.assertRecordValues(self._sold()[1:], [back, back])

    def test_sale_that_turns_out_to_be_a_return_is_not_both(self):
        self._import(self._csv(self._line(1)))
        self._import(self._csv(self._line(1, Kind="Return")))
        self.assertRecordValues(self._sold(), [{"event": "returned", "qty": -2.0}])

    def test_refused_rows(self):
        self.assertIn("No store has the code X9", self._message(Store="X9"))
        self.assertIn("No member has the code M9", self._message(Member="M9"))
        self.assertIn("No product has the code P9", self._message(Product="P9"))
        self.assertIn("quantity is zero", self._message(Quantity="0"))
        self.assertIn("opposite signs", self._message(Amount="-5"))
        self.assertIn("neither Sale nor Return", self._message(Kind="Gift"))
        self.assertIn("negative quantity", self._message(Quantity="-1", Amount="-5", Kind="Sale"))
        self.store.is_store = False
        self.assertIn("not marked as a store", self._message())

    def test_amounts_must_fit(self):
        header = HEADER_WITH_BEFORE
        run = self._import(
            self._csv(self._line(1) + ",20.00", self._line(2) + ",21.00", header=header)
        )
        self.assertEqual(self._counts(run), (2, 1, 0, 1))

    def test_unknown_member_may_be_left_out(self):
        self.profile.unknown_member = "ignore"
        self._import(self._csv(self._line(Member="M9")))
        self.assertFalse(self._sold().partner_id)

    def test_product_by_barcode_and_archived(self):
        self.apple.barcode = "6900000000014"
        self.apple.active = False
        self._import(self._csv(self._line(1, Product="6900000000014"), self._line(2)))
        self.assertEqual(self._sold().product_id, self.apple)
        self.assertEqual(len(self._sold()), 2)

    def test_store_of_another_company_is_not_found(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_two.id)], limit=1
        )
        warehouse.write({"code": "OT1", "is_store": True})
        self.assertIn("No store has the code OT1", self._message(Store="OT1"))

    def test_same_receipt_in_two_companies(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_two.id)], limit=1
        )
        warehouse.write({"code": "TS1", "is_store": True})
        profile = self.profile.copy({"company_id": self.company_two.id})
        self._import(self._csv(self._line()))
        self._import(self._csv(self._line()), profile_id=profile.id, company_id=self.company_two.id)
        facts = self.env["retail.sale.fact"].search([("document", "=", "T00001")])
        self.assertEqual(len(facts), 2)
        self.assertEqual(facts.company_id, self.company | self.company_two)

    def test_few_queries_whatever_the_size(self):
        counts = {}
        for size in (1, 10, 400):  # the first one warms the caches
            run = self._new_run(self._csv(*[self._line(n) for n in range(size)]))
            run._prepare_start(False)
            run._stage_or_fail()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run._import_waiting(1)
            counts[size] = self.env.cr.sql_log_count - before
        self.assertLessEqual(abs(counts[400] - counts[10]), 2)
        self.assertLessEqual(counts[400], 45)


HEADER_WITH_ORIGIN = (
    "Receipt,Line,Date,Store,Member,Product,Quantity,Discount,Amount,Kind,Original Receipt"
)
HEADER_WITH_BEFORE = (
    "Receipt,Line,Date,Store,Member,Product,Quantity,Discount,Amount,Kind,Amount Before Discount"
)
