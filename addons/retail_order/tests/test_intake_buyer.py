from odoo.tests import tagged

from .common import HEADER, IntakeCase

BUYER_HEADER = [*HEADER, "Customer", "Phone", "Street", "City", "Postal Code"]


@tagged("post_install", "-at_install")
class TestIntakeBuyer(IntakeCase):
    def _buyer(self, number="A1", **values):
        return self._row(number, Member="", **values)

    def test_member_by_phone_in_any_writing(self):
        self._run([self._buyer(Phone="0086-13800138000")], BUYER_HEADER)
        self.assertEqual(self._orders().partner_id, self.member)

    def test_new_buyer_becomes_a_quick_contact(self):
        row = self._buyer(Phone="+86 139 0013 9000", Customer="Li Lei", Street="9 New Road",
                          City="Shanghai", Postal_Code="200030")  # fmt: skip
        self._run([row], BUYER_HEADER)
        buyer = self._orders().partner_id
        self.assertEqual(buyer.name, "Li Lei")
        self.assertEqual(buyer.phone_sanitized, "+8613900139000")
        self.assertEqual(buyer.street, "9 New Road")
        self.assertFalse(buyer.is_member)
        self.assertEqual(self._orders().partner_shipping_id, buyer)

    def test_quick_contact_is_made_once(self):
        phone = "+86 139 0013 9001"
        self._run([self._buyer("A1", Phone=phone), self._buyer("A2", Phone=phone)], BUYER_HEADER)
        self._run([self._buyer("A3", Phone=phone)], BUYER_HEADER)
        self.assertEqual(len(self._orders()), 3)
        self.assertEqual(len(self._orders().partner_id), 1)

    def test_member_before_another_contact_with_the_number(self):
        self.env["res.partner"].create({"name": "Shop phone", "phone": self.member.phone})
        self._run([self._buyer(Phone=self.member.phone)], BUYER_HEADER)
        self.assertEqual(self._orders().partner_id, self.member)

    def test_two_members_with_one_number_are_refused(self):
        self.env["res.partner"].create(
            {
                "name": "Sister",
                "is_member": True,
                "phone": self.member.phone,
                "retail_shared_phone": True,
            }
        )
        run = self._run([self._buyer(Phone=self.member.phone)], BUYER_HEADER)
        self.assertEqual(self._report(run), [(2, "error")])
        self.assertIn("2 members", self._message(run, 2))

    def test_delivery_address_of_a_member_is_kept_once(self):
        rows = [
            self._row("A1", Street="5 Far Road", City="Suzhou"),
            self._row("A2", Street="5 Far Road", City="Suzhou"),
            self._row("A3", Street="1 Old Road"),
        ]
        self._run(rows, BUYER_HEADER)
        first, second, third = self._orders()
        self.assertEqual(first.partner_shipping_id.street, "5 Far Road")
        self.assertEqual(first.partner_shipping_id.parent_id, self.member)
        self.assertEqual(second.partner_shipping_id, first.partner_shipping_id)
        self.assertEqual(third.partner_shipping_id, self.member)

    def test_unknown_member_may_be_found_by_phone(self):
        row = self._row(Member="NOBODY", Phone=self.member.phone)
        run = self._run([row], BUYER_HEADER)
        self.assertEqual(self._report(run), [(2, "error")])
        self.source.profile_id.unknown_member = "ignore"
        run = self._run([row], BUYER_HEADER)
        self.assertEqual(self._report(run), [(2, "done")])
        self.assertEqual(self._orders().partner_id, self.member)

    def test_no_buyer_and_no_phone_number(self):
        run = self._run([self._buyer("A1"), self._buyer("A2", Phone="call me")], BUYER_HEADER)
        self.assertEqual(self._report(run), [(2, "error"), (3, "error")])
        self.assertIn("names no buyer", self._message(run, 2))
        self.assertIn("call me", self._message(run, 3))
        self.assertFalse(self._orders())
