from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestMemberFigure(RetailCase):
    """Figures of members: right at once, net of returns, unwritten when unchanged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = cls.env["retail.member.figure"]
        cls.other = cls.env["res.partner"].create(
            {"name": "Li Na", "is_member": True, "email": "li.na@example.com"}
        )

    def _figure(self, partner=None):
        return self.figures.search(
            [
                ("partner_id", "=", (partner or self.member).id),
                ("company_id", "=", self.company.id),
            ]
        )

    def test_who_just_bought_has_figures_at_once(self):
        self.assertFalse(self._figure())
        self._order(self._line(self.apple, 3), self._line(self.pear, 1))
        self._order(self._line(self.pear, 2))
        figure = self._figure()
        today = fields.Date.context_today(self.member.with_context(tz="Asia/Shanghai"))
        self.assertRecordValues(
            figure,
            [
                {
                    "order_count": 2,
                    "amount": 90.0,
                    "average": 45.0,
                    "year_amount": 90.0,
                    "year_count": 2,
                    "first_day": today,
                    "last_day": today,
                    "spend_level": "low",
                }
            ],
        )
        self.assertEqual(self.member.retail_spent, 90.0)
        self.assertEqual(self.member.retail_order_count, 2)

    def test_returns_are_taken_off(self):
        order = self._order(self._line(self.apple, 5))
        self._deliver(order)
        self._credit(self._invoice(order), {self.apple: 2})
        self.assertEqual(self._figure().amount, 30.0)
        self.assertEqual(self._figure().order_count, 1, "a return is no purchase")

    def test_a_cancelled_order_leaves_nothing(self):
        order = self._order(self._line(self.apple))
        self.assertTrue(self._figure())
        order._action_cancel()
        self.assertFalse(self._figure())

    def test_an_order_that_moves_to_another_member(self):
        order = self._order(self._line(self.apple))
        order.partner_id = self.other
        self.assertFalse(self._figure())
        self.assertEqual(self._figure(self.other).amount, 10.0)

    def test_who_is_no_member_has_no_figures_until_enrolled(self):
        guest = self.env["res.partner"].create({"name": "Guest", "phone": "13800138001"})
        self._order(self._line(self.apple), partner_id=guest.id)
        self.assertFalse(self._figure(guest))
        guest.is_member = True
        self.assertEqual(self._figure(guest).amount, 10.0)

    def test_steps_of_the_spend_level(self):
        self.company.write(
            {"retail_spend_medium": 10, "retail_spend_high": 20, "retail_spend_top": 30}
        )
        for level in ("medium", "high", "top", "top"):
            self._order(self._line(self.apple))
            self.assertEqual(self.member.retail_spend_level, level)

    def test_only_twelve_months_make_the_level(self):
        self.company.retail_spend_medium = 10
        order = self._order(self._line(self.apple))
        order.date_order = fields.Datetime.now() - timedelta(days=400)
        figure = self._figure()
        self.assertEqual((figure.amount, figure.year_amount, figure.year_count), (10.0, 0.0, 0))
        self.assertEqual(figure.spend_level, "low")

    def test_unchanged_refresh_writes_no_row(self):
        self._order(self._line(self.apple))
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin, ctid FROM retail_member_figure ORDER BY id")
        before = self.env.cr.fetchall()
        self.assertEqual(self.figures._refresh(), 0)
        self.env.cr.execute("SELECT xmin, ctid FROM retail_member_figure ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_refresh_repairs_and_removes(self):
        self._order(self._line(self.apple))
        self.env.cr.execute("UPDATE retail_member_figure SET amount = 1")
        stray = self.figures.sudo().create(
            {"partner_id": self.other.id, "company_id": self.company.id}
        )
        self.figures.invalidate_model()
        self.figures._refresh()
        self.assertEqual(self._figure().amount, 10.0)
        self.assertFalse(stray.exists())

    def test_a_sale_doesnt_write_the_partner(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin FROM res_partner WHERE id = %s", [self.member.id])
        before = self.env.cr.fetchall()
        order = self._order(self._line(self.apple))
        order._fact_write()
        self.env["retail.member.figure"]._refresh()
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin FROM res_partner WHERE id = %s", [self.member.id])
        self.assertEqual(self.env.cr.fetchall(), before)

    # === READ, SEARCHED, SORTED, GROUPED === #

    def test_a_list_reads_figures_by_one_query(self):
        members = self.member | self.other
        for number in range(20):
            members |= self.env["res.partner"].create(
                {"name": f"M{number}", "is_member": True, "email": f"m{number}@example.com"}
            )
        self._order(self._line(self.apple))
        members.invalidate_recordset()
        members.fetch(["commercial_partner_id"])
        with self.assertQueryCount(1):
            members.mapped("retail_spent")
            members.mapped("retail_last_purchase")
            members.mapped("retail_spend_level")

    def test_search(self):
        self._order(self._line(self.apple, 7))
        both = [("id", "in", (self.member | self.other).ids)]
        for domain, found in (
            ([("retail_spent", ">", 50)], self.member),
            ([("retail_spent", "<", 50)], self.other),
            ([("retail_spent", "=", 0)], self.other),
            ([("retail_order_count", "!=", 0)], self.member),
            ([("retail_last_purchase", "=", False)], self.other),
            ([("retail_last_purchase", "!=", False)], self.member),
            ([("retail_last_purchase", ">=", "today -30d")], self.member),
            ([("retail_spend_level", "=", "low")], self.member),
            ([("retail_spend_level", "=", False)], self.other),
            ([("retail_spend_level", "!=", "low")], self.other),
            (["!", ("retail_spend_level", "=", "low")], self.other),
        ):
            with self.subTest(domain):
                self.assertEqual(self.env["res.partner"].search(both + domain), found)

    def test_sort_and_group(self):
        self._order(self._line(self.apple, 7))
        both = [("id", "in", (self.member | self.other).ids)]
        partners = self.env["res.partner"]
        self.assertEqual(partners.search(both, order="retail_spent, id")[:1], self.member)
        groups = partners._read_group(both, ["retail_spend_level"], ["__count"])
        self.assertEqual(dict(groups), {"low": 1, False: 1})
        panel = partners.search_panel_select_multi_range(
            "retail_spend_level", search_domain=both, enable_counters=True
        )
        counts = {value["id"]: value["__count"] for value in panel["values"]}
        self.assertEqual(counts["low"], 1)
        self.assertTrue(partners.fields_get(["retail_spent"])["retail_spent"]["sortable"])

    def test_each_company_has_its_own(self):
        self._order(self._line(self.apple))
        elsewhere = self.member.with_company(self.company_two)
        self.assertEqual(elsewhere.retail_spent, 0.0)
        self.assertFalse(
            self.env["res.partner"]
            .with_company(self.company_two)
            .search([("retail_spent", ">", 0), ("id", "=", self.member.id)])
        )

    def test_who_reads_and_nobody_writes(self):
        self._order(self._line(self.apple))
        guide = new_test_user(
            self.env,
            "figure-guide",
            groups="retail_crm.group_guide",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.assertEqual(self._figure().with_user(guide).amount, 10.0)
        for action in (
            lambda row: row.write({"amount": 1}),
            lambda row: row.unlink(),
            lambda row: row.create({"partner_id": self.other.id, "company_id": self.company.id}),
        ):
            with self.assertRaises(AccessError):
                action(self._figure().with_user(guide))
        stranger = new_test_user(self.env, "figure-nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.member.with_user(stranger).read(["retail_spent"])
