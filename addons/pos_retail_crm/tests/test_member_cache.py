from odoo import fields
from odoo.addons.pos_retail_crm.models.res_partner import phone_mark
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestMemberCache(TillCommon):
    """The members whom a till keeps: those of its store, few data of each, in few queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.other_store = cls.env["stock.warehouse"].create(
            {"name": "Far", "code": "FAR", "company_id": cls.company.id, "is_store": True}
        )
        cls.member.write({"phone": "13812345678", "name": "王芳"})
        cls.as_cashier = cls.env["res.partner"].with_user(cls.cashier)

    def _members(self, count, area=139, **values):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Member {number}",
                    "phone": f"{area}{number:08}",
                    "is_member": True,
                    "retail_store_id": self.store.id,
                    **values,
                }
                for number in range(count)
            ]
        )

    def _age(self, members, months=14):
        """Let the members be older than what a till keeps."""
        joined = fields.Datetime.subtract(fields.Datetime.now(), months=months)
        self.env.cr.execute(
            SQL("UPDATE res_partner SET create_date = %s WHERE id = ANY(%s)", joined, members.ids)
        )

    def _load(self, **context):
        partners = self.as_cashier.with_context(**context)
        data = {"pos.order": []}
        rows = partners._load_pos_data_search_read(data, self.config.with_env(partners.env))
        return {row["id"]: row for row in rows}

    def test_who_is_kept(self):
        bought, silent, far = self._members(3)
        far.retail_store_id = self.other_store
        self._age(bought + silent)
        self._sale((self.tea, 1), customer=bought)
        rows = self._load()
        self.assertIn(self.member.id, rows)  # joined lately
        self.assertIn(bought.id, rows)
        self.assertNotIn(silent.id, rows)
        self.assertNotIn(far.id, rows)

    def test_at_most_so_many_who_bought_last(self):
        first, second, _third = self._members(3)
        self._sale((self.tea, 1), customer=first, date_order="2026-05-01 17:00:00")
        self._sale((self.tea, 1), customer=second, date_order="2026-06-01 17:00:00")
        self.config.retail_member_limit = 1
        self.assertEqual(self.config._retail_cached_member_ids(), second.ids)
        self.config.retail_member_limit = 0
        self.assertFalse(self.config._retail_cached_member_ids())

    def test_only_what_changed_comes_again(self):
        other = self._members(1)
        future = fields.Datetime.to_string(fields.Datetime.add(fields.Datetime.now(), days=1))
        rows = self._load(pos_last_server_date=future)
        self.assertFalse({other.id, self.member.id} & rows.keys())

    def test_a_row_tells_little(self):
        row = self._load()[self.member.id]
        self.assertTrue(row["_retail_slim"])
        self.assertNotIn("12345678", repr(row))
        self.assertEqual(row["phone"], "138****5678")
        self.assertEqual(row["_retail_mark"], phone_mark("+8613812345678"))
        self.assertIn(" wf", row["_retail_letters"])
        self.assertEqual(row["_retail_guide"], self.guide.id)
        self.assertEqual(row["_retail_brief"]["store"], self.store.name)
        self.assertNotIn("street", row)

    def test_the_device_keeps_no_number_of_whoever_opens_the_till(self):
        self.cashier.group_ids += self.env.ref("retail_crm.group_contact_data")
        row = self._load()[self.member.id]
        self.assertEqual(row["phone"], "138****5678")
        self.assertNotIn("ada.member@", repr(row))

    def test_prices_are_those_of_the_member(self):
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        self.cashier.group_ids += self.env.ref("product.group_product_pricelist")
        pricelist = self.env["product.pricelist"].create({"name": "VIP prices"})
        self.member.retail_class_id.pricelist_id = pricelist
        abroad = self.env["account.fiscal.position"].create(
            {
                "name": "Abroad",
                "auto_apply": True,
                "country_id": self.env.ref("base.fr").id,
                "company_id": self.company.id,
            }
        )
        french = self._members(1, country_id=self.env.ref("base.fr").id)
        rows = self._load()
        self.assertEqual(rows[self.member.id]["property_product_pricelist"], pricelist.id)
        self.assertEqual(rows[french.id]["fiscal_position_id"], abroad.id)
        self.assertFalse(rows[self.member.id]["fiscal_position_id"])
        for member in (self.member, french):
            whole = self.as_cashier._load_pos_data_read(member, self.config)[0]
            for name in ("property_product_pricelist", "fiscal_position_id"):
                self.assertEqual(rows[member.id][name], whole[name])

    def test_more_members_cost_no_more_queries(self):
        self._members(3)
        counts = []
        for more in (0, 40, 0):  # the first time fills the caches of rules and groups
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._load()
            counts.append(self.env.cr.sql_log_count - before)
            self._members(more, area=137)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 40)

    def test_customers_who_are_no_members_still_come(self):
        customer = self.env["res.partner"].create({"name": "0 Plain Customer"})
        loaded = {row[0] for row in self.config.get_limited_partners_loading()}
        self.assertIn(customer.id, loaded)
        self.assertNotIn(self.member.id, loaded)

    def test_the_till_forgets(self):
        gone, far = self._members(2)
        gone.write({"active": False, "retail_archive_reason": "Moved"})
        far.retail_store_id = self.other_store
        known = (self.member + gone + far).ids
        answer = self.pos_session.with_user(self.cashier).filter_local_data({"res.partner": known})
        self.assertEqual(set(answer["res.partner"]), set((gone + far).ids))

    def test_search_by_letters_last_digits_and_card(self):
        for text in ("wf", "wangfang", "5678", "M-1815"):
            domain = [
                "|",
                ["name", "ilike", f"{text}%"],
                ["phone_mobile_search", "ilike", f"{text}%"],
            ]
            rows = self.as_cashier.get_new_partner(self.config.id, domain, 0)["res.partner"]
            self.assertIn(self.member.id, [row["id"] for row in rows], text)

    def test_phone_marks(self):
        marks = {phone_mark(text) for text in ("13812345678", "+86 138 1234 5678", "12345678")}
        self.assertEqual(len(marks), 1)
        self.assertNotEqual(phone_mark("13812345679"), phone_mark("13812345678"))
        # The same numbers stand in static/tests/unit/member.test.js.
        self.assertEqual((phone_mark("13812345678"), phone_mark("139 0000 1111")), (973, 809))
        self.assertFalse(phone_mark("1234567"))
        self.assertFalse(phone_mark(False))
