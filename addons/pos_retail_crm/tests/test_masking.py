from odoo.tests import tagged

from .common import TillCommon

FIELDS = ["name", "parent_name", "phone_mobile_search", "email", "barcode", "street"]


@tagged("post_install", "-at_install")
class TestMasking(TillCommon):
    """The till knows members by name, card and the ends of their number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cn")
        cls.member.write(
            {"phone": "13812345678", "email": "jane@example.com", "street": "Nanjing Road 100"}
        )
        cls.partners = cls.env["res.partner"].with_user(cls.cashier)

    def _search(self, query):
        domain = ["|"] * (len(FIELDS) - 1) + [[name, "ilike", query + "%"] for name in FIELDS]
        rows = self.partners.get_new_partner(self.config.id, domain, 0)["res.partner"]
        return [row for row in rows if row["id"] == self.member.id]

    def test_loaded_members(self):
        partners = self.partners.browse(self.member.id)
        (row,) = self.partners._load_pos_data_read(partners, self.config)
        self.assertEqual(row["phone"], "138****5678")
        self.assertEqual(row["email"], "j***@example.com")
        self.assertEqual(row["invoice_emails"], "j***@example.com")
        self.assertNotIn("Nanjing Road", repr(row))
        self.assertNotIn("12345678", repr(row))

    def test_search_at_the_till(self):
        lookups = self.env["retail.audit.log"].search_count([("kind", "=", "lookup")])
        self.assertFalse(self._search("1381234"))
        self.assertFalse(self._search("jan"))
        (row,) = self._search("138 1234 5678")
        self.assertEqual((row["phone"], row["_retail_found"]), ("138****5678", "13812345678"))
        (row,) = self._search("jane@example.com")
        self.assertTrue(self._search("M-1815"))
        filed = self.env["retail.audit.log"].search_count([("kind", "=", "lookup")])
        self.assertEqual(filed - lookups, 3)

    def test_orders(self):
        order = self._sale((self.tea, 1), customer=self.member).with_user(self.cashier)
        self.assertEqual(order.email, "jane@example.com")
        row = order.read(["email", "mobile"])[0]
        self.assertEqual(row["email"], "j***@example.com")
        self.assertNotIn("1234", row["mobile"])
        order.write({"email": row["email"], "mobile": row["mobile"]})
        self.assertEqual(order.email, "jane@example.com")
