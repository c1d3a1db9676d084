from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import RetailCase

ROLES = ("cashier", "guide", "service", "promotion", "order_clerk", "store_manager", "accountant")


@tagged("post_install", "-at_install")
class TestFactAccess(RetailCase):
    """Who may see sold lines: every retail role, of the own companies; nobody writes them."""

    def test_roles_read_only(self):
        order = self._order(self._line(self.apple))
        fact = self._facts(order)
        for role in (*ROLES, "retail_admin"):
            user = new_test_user(
                self.env,
                login=f"fact_{role}",
                groups=f"retail_crm.group_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            with self.subTest(role):
                self.assertEqual(fact.with_user(user).qty, 1.0)
                with self.assertRaises(AccessError):
                    fact.with_user(user).write({"qty": 2.0})
                with self.assertRaises(AccessError):
                    fact.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    fact.with_user(user).create({"document": "x"})

    def test_no_role_no_rows(self):
        fact = self._facts(self._order(self._line(self.apple)))
        user = new_test_user(self.env, login="fact_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            fact.with_user(user).read(["qty"])

    def test_two_companies(self):
        order = self._order(self._line(self.apple))
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_two.id)], limit=1
        )
        warehouse.is_store = True
        other = (
            self.env["sale.order"]
            .with_company(self.company_two)
            .create(
                {
                    "partner_id": self.member.id,
                    "company_id": self.company_two.id,
                    "retail_store_id": warehouse.id,
                    "order_line": [self._line(self.service)],
                }
            )
        )
        other.action_confirm()
        user = new_test_user(
            self.env,
            login="fact_two",
            groups="retail_crm.group_store_manager",
            company_id=self.company_two.id,
            company_ids=[(6, 0, self.company_two.ids)],
        )
        facts = (
            self.env["retail.sale.fact"]
            .with_user(user)
            .search([("partner_id", "=", self.member.id)])
        )
        self.assertEqual(facts.document, other.name)
        self.assertEqual(facts.company_id, self.company_two)
        self.assertNotIn(order.name, facts.mapped("document"))

    def test_guide_confirms_without_the_right_to_write_rows(self):
        user = new_test_user(
            self.env,
            login="fact_guide",
            groups="retail_crm.group_guide,sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.store.retail_staff_ids = user
        self.assertEqual(user.retail_store_id, self.store)
        order = (
            self.env["sale.order"]
            .with_user(user)
            .create({"partner_id": self.member.id, "order_line": [self._line(self.apple)]})
        )
        order.action_confirm()
        self.assertRecordValues(
            self._facts(order), [{"store_id": self.store.id, "guide_id": user.id}]
        )
