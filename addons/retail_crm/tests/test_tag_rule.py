from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestTagRule(RetailCase):
    """Rules that give tags to the members a filter finds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["retail.tag.rule"].search([]).active = False
        cls.tag = cls.env["res.partner.category"].create({"name": "Test Month"})
        cls.rule = cls.env["retail.tag.rule"].create(
            {
                "name": "Test birthday",
                "tag_id": cls.tag.id,
                "condition": "[('retail_birthday_month', '=', context_today().month)]",
            }
        )
        cls.member.birthdate_date = "2000-02-29"

    def _tagged(self):
        return self.env["res.partner"].search([("category_id", "in", self.tag.ids)])

    def test_gives_and_takes_back(self):
        with freeze_time("2026-02-10"):
            self.assertEqual(sum(self.rule._run()), 1)
            self.assertEqual(self._tagged(), self.member)
            self.assertEqual(self.tag.retail_member_count, 1)
            self.assertEqual(sum(self.rule._run()), 0, "unchanged members aren't written")
        with freeze_time("2026-03-01"):
            self.assertEqual(sum(self.rule._run()), 1)
            self.assertFalse(self._tagged())

    def test_leaves_what_was_given_by_hand(self):
        self.rule.takes_back = False
        self.member.category_id = self.tag
        with freeze_time("2026-03-01"):
            self.assertEqual(sum(self.rule._run()), 0)
        self.assertEqual(self._tagged(), self.member)

    def test_only_members(self):
        self.env["res.partner"].create({"name": "Guest", "birthdate_date": "1990-02-02"})
        with freeze_time("2026-02-10"):
            list(self.rule._run())
        self.assertEqual(self._tagged(), self.member)

    def test_a_filter_by_figures(self):
        self._order(self._line(self.apple))
        self.rule.condition = "[('retail_spend_level', '=', 'low')]"
        list(self.rule._run())
        self.assertEqual(self._tagged(), self.member)

    def test_a_wrong_filter_is_refused(self):
        for condition in ("[('no_field', '=', 1)]", "[(", "import os", "5"):
            with self.subTest(condition), self.assertRaises(ValidationError):
                self.rule.condition = condition

    def test_who_runs_it(self):
        for role, allowed in (("store_manager", False), ("retail_admin", True)):
            user = new_test_user(self.env, f"tag-{role}", groups=f"retail_crm.group_{role}")
            with self.subTest(role), freeze_time("2026-02-10"):
                rule = self.rule.with_user(user)
                if allowed:
                    self.assertIn("1", rule.action_run()["params"]["message"])
                else:
                    with self.assertRaises(AccessError):
                        rule.action_run()
                    with self.assertRaises(AccessError):
                        rule.write({"name": "x"})
