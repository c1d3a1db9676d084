from odoo.tests import TransactionCase, new_test_user

PHONE = "13812345678"
MAIL = "jane.doe@example.com"
STREET = "Nanjing Road 100"


class PrivacyCase(TransactionCase):
    """Two stores with a guide each, a member of the second, and somebody who is no member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cn")
        cls.store, cls.store_two = cls.env["stock.warehouse"].create(
            [
                {"name": "Store One", "code": "PS1", "is_store": True},
                {"name": "Store Two", "code": "PS2", "is_store": True},
            ]
        )
        contact = {"phone": PHONE, "email": MAIL, "street": STREET, "city": "Shanghai"}
        cls.member, cls.stranger = cls.env["res.partner"].create(
            [
                {
                    "name": "Jane Doe",
                    "is_member": True,
                    "member_code": "PRIV-1",
                    "retail_store_id": cls.store.id,
                    **contact,
                },
                {"name": "Jane Supplier", **contact},
            ]
        )
        cls.other = cls.env["res.partner"].create(
            {
                "name": "Li Lei",
                "is_member": True,
                "member_code": "PRIV-2",
                "retail_store_id": cls.store_two.id,
                "phone": "+86 139 8765 4321",
                "email": "lilei@example.com",
            }
        )
        cls.guide = cls._user("guide")
        cls.store.retail_staff_ids = cls.guide
        cls.service = cls._user("service")
        cls.as_guide = cls.env(user=cls.guide)

    @classmethod
    def _user(cls, role, *groups):
        return new_test_user(
            cls.env,
            login=f"privacy_{role}",
            groups=",".join([f"retail_crm.group_{role}", *groups]),
        )

    def _leaks(self, data):
        """Return which of the member's contact data stands in anything a client was given."""
        text = repr(data).replace(" ", "")
        return [
            secret
            for secret in (PHONE, PHONE[3:], MAIL, "jane.doe", STREET.replace(" ", ""))
            if secret in text
        ]
