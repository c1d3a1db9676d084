from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_communication import CommunicationCase


@tagged("post_install", "-at_install")
class TestCommunicationRights(CommunicationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._said()
        cls.colleague = cls._said(user=cls.guide_two)
        cls.far = cls._said(user=cls.manager_two)
        cls.office = cls._said(user=cls.agent)
        cls.all = cls.mine | cls.colleague | cls.far | cls.office

    def _seen(self, user):
        return self.env["retail.communication"].with_user(user).search([("id", "in", self.all.ids)])

    def test_own_own_store_or_all(self):
        self.assertEqual(self._seen(self.guide), self.mine)
        self.assertEqual(self._seen(self.guide_two), self.colleague)
        self.assertEqual(self._seen(self.manager), self.mine | self.colleague)
        self.assertEqual(self._seen(self.manager_two), self.far)
        self.assertEqual(self._seen(self.agent), self.all)
        self.assertEqual(self._seen(self.head), self.all)

    def test_other_roles_see_none(self):
        clerk = self._user("comm_clerk", "role_order_clerk")
        for user in (self.cashier, clerk, self._user("comm_accountant", "role_accountant")):
            with self.assertRaises(AccessError):
                self._seen(user)
            with self.assertRaises(AccessError):
                self.mine.with_user(user).read(["content"])

    def test_who_reads_doesnt_write(self):
        self.mine.with_user(self.guide).content = "Mine."
        for user in (self.guide_two, self.manager, self.agent):
            with self.assertRaises(AccessError):
                self.mine.with_user(user).content = "Yours."
            with self.assertRaises(AccessError):
                self.mine.with_user(user).unlink()
        self.mine.with_user(self.head).content = "The office's."

    def test_nobody_records_in_another_name(self):
        for user in (self.guide, self.manager, self.agent):
            with self.assertRaises(AccessError):
                self._said(user=user, user_id=self.guide_two.id)

    def test_nobody_but_administrators_deletes(self):
        with self.assertRaises(AccessError):
            self.mine.with_user(self.guide).unlink()
        self.mine.with_user(self.head).unlink()

    def test_companies_are_apart(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        self.head.company_ids = [Command.link(other.id)]
        said = self._said(company_id=self.company.id)
        said = said.with_user(self.head).with_context(
            allowed_company_ids=(self.company | other).ids
        )
        said.write({"company_id": other.id, "store_id": False})
        here = self.env["retail.communication"].with_user(self.head)
        self.assertNotIn(said, here.with_company(self.company).search([]))
        self.assertIn(said, here.with_context(allowed_company_ids=other.ids).search([]))
        self.assertFalse(self._seen(self.agent) & said)

    def test_ways_are_set_up_by_administrators(self):
        for user in (self.guide, self.manager, self.agent):
            self.assertTrue(self.phone.with_user(user).name)
            with self.assertRaises(AccessError):
                self.phone.with_user(user).name = "Telephone"
        self.phone.with_user(self.head).name = "Telephone"

    def test_the_member_form_of_each_role(self):
        for user in (self.guide, self.manager, self.agent, self.cashier, self.head):
            views = (
                self.env["res.partner"]
                .with_user(user)
                .get_view(self.env.ref("retail_crm.retail_member_view_form").id, "form")
            )
            sees = user != self.cashier
            self.assertEqual("retail_communication_ids" in views["arch"], sees, user.login)
