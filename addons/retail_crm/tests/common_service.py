from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class ServiceCase(TransactionCase):
    """A store with a guide, a manager and a service agent, and members who bought."""

    TODAY = datetime(2026, 3, 2, 4).date()  # a Monday

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.company = cls.env["res.company"].create({"name": "Service Shop"})
        cls.company.partner_id.tz = "Asia/Taipei"
        cls.env.user.write(
            {"company_ids": [Command.link(cls.company.id)], "company_id": cls.company.id}
        )
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=[cls.company.id]))
        cls.store = cls._store("Main Street", "MS1")
        cls.store_two = cls._store("Station", "ST2")
        cls.guide = cls._user("care_guide", "role_guide", cls.store)
        cls.guide_two = cls._user("care_guide_two", "role_guide", cls.store)
        cls.manager = cls._user("care_manager", "role_store_manager", cls.store)
        cls.manager_two = cls._user("care_manager_two", "role_store_manager", cls.store_two)
        cls.agent = cls._user("care_service", "role_service")
        cls.cashier = cls._user("care_cashier", "role_cashier", cls.store)
        cls.head = cls._user("care_admin", "role_admin")
        cls.product = cls.env["product.product"].create({"name": "Tea", "type": "consu"})
        cls._facts = 0

    @classmethod
    def _store(cls, name, code):
        return cls.env["stock.warehouse"].create(
            {"name": name, "code": code, "company_id": cls.company.id, "is_store": True}
        )

    @classmethod
    def _user(cls, login, role, stores=None):
        """Return a user who has exactly what the role gives."""
        role = cls.env.ref(f"retail_crm.{role}")
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{login}@example.com",
        )
        user.role_line_ids = [Command.create({"role_id": role.id})]
        user.set_groups_from_roles()
        user.retail_store_ids = stores or False
        return user

    @classmethod
    def _member(cls, name, store=None, guide=None, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_member": True,
                "retail_store_id": (store or cls.store).id,
                "retail_guide_id": guide.id if guide else False,
                "email": f"{name.replace(' ', '.').lower()}@example.com",
                **values,
            }
        )

    @classmethod
    def _bought(cls, member, days_ago, event="sold"):
        """Write a sold line of the member, so many days before TODAY."""
        cls._facts += 1
        day = cls.TODAY - timedelta(days=days_ago)
        cls.env["retail.sale.fact"].create(
            {
                "source_model": "history",
                "source_line": f"service/{cls._facts}",
                "event": event,
                "basket": f"history,service,{cls._facts}",
                "sold_at": datetime(day.year, day.month, day.day, 4),
                "day": day,
                "company_id": cls.company.id,
                "partner_id": member.id,
                "product_id": cls.product.id,
                "qty": 1,
                "currency_id": cls.company.currency_id.id,
                "price_subtotal": 10,
                "price_total": 10,
            }
        )
