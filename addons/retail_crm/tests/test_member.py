from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestMember(RetailCase):
    """Members, classes, stores and channels, and who may change them."""

    def _user(self, *groups, **values):
        return new_test_user(
            self.env,
            login="member_" + "_".join(groups),
            groups=",".join(f"retail_crm.group_{name}" for name in groups),
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            **values,
        )

    def test_new_member_starts_in_the_lowest_class(self):
        classes = self.env["retail.customer.class"]
        lowest = classes.search([], limit=1)
        partner = self.env["res.partner"].create({"name": "Zhao", "email": "z@example.com"})
        self.assertFalse(partner.retail_class_id)
        partner.is_member = True
        self.assertEqual(partner.retail_class_id, lowest)
        partner.retail_class_id = self.env.ref("retail_crm.class_vip")
        partner.is_member = False
        partner.is_member = True
        self.assertEqual(partner.retail_class_id, self.env.ref("retail_crm.class_vip"))

    @mute_logger("odoo.sql_db")
    def test_member_code_is_unique(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["res.partner"].create({"name": "Copy", "member_code": "T-M0001"})
        copy = self.member.copy({"phone": "+86 138 0013 8001"})
        self.assertFalse(copy.member_code)

    def test_member_does_not_recommend_themselves(self):
        other = self.env["res.partner"].create(
            {"name": "Zhao", "is_member": True, "email": "zhao@example.com"}
        )
        other.retail_referrer_id = self.member
        with self.assertRaises(ValidationError):
            self.member.retail_referrer_id = other

    @mute_logger("odoo.sql_db")
    def test_codes_of_channels_and_classes(self):
        channels = self.env["sale.channel"]
        values = {"name": "Other", "code": "STORE", "company_id": False}
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            channels.create(values)
        self.assertTrue(channels.create({**values, "company_id": self.company.id}))
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["retail.customer.class"].create({"name": "Second", "code": "VIP"})

    def test_default_store_of_a_user(self):
        user = self._user("guide")
        self.assertFalse(user.retail_store_id)
        self.store_two.retail_staff_ids = user
        self.assertEqual(user.retail_store_id, self.store_two)
        self.store.retail_staff_ids = user
        self.assertEqual(user.retail_store_id, self.store_two, "the chosen one stays")
        self.store_two.retail_staff_ids -= user
        self.assertEqual(user.retail_store_id, self.store)
        self.assertEqual(
            user.with_user(user).read(["retail_store_id"])[0]["retail_store_id"][0], self.store.id
        )

    def test_order_takes_store_and_channel_of_the_user(self):
        user = self._user("guide")
        user.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.store.retail_staff_ids = user
        order = self.env["sale.order"].with_user(user).create({"partner_id": self.member.id})
        self.assertEqual(order.retail_store_id, self.store)
        self.assertEqual(order.sale_channel_id, self.env.ref("retail_crm.channel_store"))

    def test_store_of_another_company_is_refused(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_two.id)], limit=1
        )
        order = self._order(self._line(self.apple), confirm=False)
        with self.assertRaises(Exception) as error:
            order.retail_store_id = warehouse
        self.assertIn("company", str(error.exception).lower())

    # === WHO === #

    def test_who_enrols_and_changes_members(self):
        for role in ("guide", "cashier", "service", "store_manager", "retail_admin"):
            user = self._user(role)
            with self.subTest(role):
                partner = (
                    self.env["res.partner"]
                    .with_user(user)
                    .create({"name": role, "is_member": True, "email": f"{role}@example.com"})
                )
                partner.member_code = f"code-{role}"
                self.member.with_user(user).retail_guide_id = user
                if role != "retail_admin":
                    with self.assertRaises(AccessError):
                        partner.unlink()
        for role in ("promotion", "accountant"):
            user = self._user(role)
            with self.subTest(role):
                self.assertEqual(self.member.with_user(user).name, "Wang Fang")
                with self.assertRaises(AccessError):
                    self.member.with_user(user).write({"member_code": "x"})

    def test_who_sets_up_stores_classes_and_channels(self):
        changes = {
            self.store: {"retail_tz": "Asia/Taipei"},
            self.env.ref("retail_crm.class_vip"): {"level": 25},
            self.env.ref("retail_crm.channel_web"): {"name": "Shop"},
            self.env["retail.region"].create({"name": "Test Region"}): {"sequence": 3},
        }
        admin = self._user("retail_admin")
        manager = self._user("store_manager")
        for record, values in changes.items():
            with self.subTest(record._name):
                record.with_user(admin).write(values)
                self.assertRecordValues(record.with_user(manager), [values])
                with self.assertRaises(AccessError):
                    record.with_user(manager).write(values)
                with self.assertRaises(AccessError):
                    record.with_user(manager).unlink()

    def test_roles_give_what_their_work_needs(self):
        roles = {
            "role_guide": ("retail_crm.group_guide", "sales_team.group_sale_salesman"),
            "role_cashier": ("retail_crm.group_cashier",),
            "role_service": ("retail_crm.group_service", "helpdesk_mgmt.group_helpdesk_user"),
            "role_promotion": ("retail_crm.group_promotion",),
            "role_order_clerk": ("retail_crm.group_order_clerk", "stock.group_stock_user"),
            "role_store_manager": ("retail_crm.group_store_manager", "retail_crm.group_guide"),
            "role_accountant": ("retail_crm.group_accountant", "account.group_account_user"),
            "role_admin": ("retail_crm.group_retail_admin", "base.group_system"),
        }
        for role, groups in roles.items():
            user = new_test_user(self.env, login=f"t_{role}", groups="base.group_user")
            user.role_line_ids = [(0, 0, {"role_id": self.env.ref(f"retail_crm.{role}").id})]
            with self.subTest(role):
                for group in groups:
                    self.assertTrue(user.has_group(group), group)
                self.assertEqual(user.has_group("base.group_system"), role == "role_admin")
