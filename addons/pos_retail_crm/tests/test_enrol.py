from uuid import uuid4

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestEnrol(TillCommon):
    """New members at the till, with and without a connection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.member.phone = "13812345678"
        cls.partners = cls.env["res.partner"].with_user(cls.cashier)

    def _values(self, **values):
        return {
            "uuid": str(uuid4()),
            "name": "New Nina",
            "phone": "139 0000 1111",
            "retail_consent_sms": True,
            **values,
        }

    def _made(self, values):
        return self.env["res.partner"].search([("retail_till_uuid", "=", values["uuid"])])

    def test_new_member(self):
        values = self._values()
        answer = self.partners.retail_till_enrol(self.config.id, values)
        self.assertFalse(answer["duplicate"])
        member = self._made(values)
        self.assertEqual(answer["res.partner"][0]["id"], member.id)
        self.assertRecordValues(
            member,
            [
                {
                    "name": "New Nina",
                    "is_member": True,
                    "retail_store_id": self.store.id,
                    "retail_consent_sms": True,
                    "retail_consent_phone": False,
                    "retail_consent_origin": "till",
                }
            ],
        )
        again = self.partners.retail_till_enrol(self.config.id, values)
        self.assertEqual(again["res.partner"][0]["id"], member.id)
        self.assertEqual(self._made(values), member)

    def test_a_known_phone_stops(self):
        lookups = self.env["retail.audit.log"].search_count([("kind", "=", "lookup")])
        values = self._values(phone="+86 138-1234-5678")
        answer = self.partners.retail_till_enrol(self.config.id, values)
        self.assertTrue(answer["duplicate"])
        self.assertEqual([row["id"] for row in answer["res.partner"]], self.member.ids)
        self.assertFalse(self._made(values))
        filed = self.env["retail.audit.log"].search_count([("kind", "=", "lookup")])
        self.assertEqual(filed, lookups + 1)

    def test_name_and_phone_are_needed(self):
        for wrong in ({"name": "  "}, {"phone": "12"}, {"phone": ""}):
            with self.assertRaises(UserError):
                self.partners.retail_till_enrol(self.config.id, self._values(**wrong))

    def test_looking_up_is_limited(self):
        self.env["ir.config_parameter"].set_param("retail_crm.lookup_limit", "1")
        self.partners.retail_till_enrol(self.config.id, self._values())
        with self.assertRaises(UserError):
            self.partners.retail_till_enrol(self.config.id, self._values(phone="13900002222"))

    def test_taken_down_offline_with_a_sale(self):
        values = self._values()
        order = self._sale((self.tea, 1), retail_new_member=values)
        member = self._made(values)
        self.assertEqual(order.partner_id, member)
        self.assertFalse(order.retail_new_member, "the unmasked phone is the member's alone")
        self.assertEqual(self._facts(order).partner_id, member)
        answer = self.partners.retail_till_enrol_late(self.config.id, [values])
        self.assertEqual(answer["ids"], {values["uuid"]: member.id})
        other = self._sale((self.tea, 1), retail_new_member=values)
        self.assertEqual(other.partner_id, member)

    def test_offline_duplicate_is_filed_not_lost(self):
        self.company.retail_duplicate_mode = "block"
        values = self._values(phone="13812345678")
        order = self._sale((self.tea, 1), retail_new_member=values)
        self.assertEqual(order.partner_id, self._made(values))
        self.env.flush_all()
        pair = self.env["retail.member.duplicate"].search(
            [("other_id", "=", order.partner_id.id), ("member_id", "=", self.member.id)]
        )
        self.assertTrue(pair.by_phone)

    def test_no_client_passes_by_the_refusal(self):
        self.company.retail_duplicate_mode = "block"
        asking = self.partners.with_context(retail_duplicates=True)
        with self.assertRaises(RedirectWarning):
            asking.create({"name": "Twin", "is_member": True, "phone": "13812345678"})

    def test_bad_data_never_stop_a_sale(self):
        with mute_logger("odoo.addons.pos_retail_crm.models.res_partner_enrol"):
            for bad, kept in (
                (self._values(name=""), "phone: 139 0000 1111"),
                (self._values(phone=""), "name: New Nina"),
                ({"name": "X"}, "name: X"),
                (["odd"], "['odd']"),
            ):
                order = self._sale((self.tea, 1), retail_new_member=bad)
                self.assertEqual(order.state, "paid")
                self.assertFalse(order.partner_id)
                self.assertFalse(order.retail_new_member)
                self.assertIn(kept, order.retail_failed_member)

    def test_who_reads_what_was_not_filed(self):
        orders = self.env["pos.order"].with_user(self.cashier)
        with mute_logger("odoo.addons.pos_retail_crm.models.res_partner_enrol"):
            order = self._sale((self.tea, 1), retail_new_member=self._values(name=""))
        manager = self._user(
            "enrol-manager", "retail_crm.group_store_manager,point_of_sale.group_pos_manager"
        )
        with self.assertRaises(AccessError):
            orders.browse(order.id).read(["retail_failed_member"])
        with self.assertRaises(AccessError):
            orders.browse(order.id).action_clear_failed_member()
        self.assertNotIn("139 0000", str(orders.browse(order.id).read()))
        self.assertIn("139 0000", order.with_user(manager).retail_failed_member)
        order.with_user(manager).action_clear_failed_member()
        self.assertFalse(order.retail_failed_member)
