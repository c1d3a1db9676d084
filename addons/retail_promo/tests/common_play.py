from datetime import timedelta
from uuid import uuid4

from odoo.fields import Command
from odoo.tests import new_test_user

from .common_loyalty import LoyaltyCommon


class PlayCommon(LoyaltyCommon):
    """A store, two members and builders of lotteries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.store.is_store = True
        cls.other_store = cls.env["stock.warehouse"].create(
            {"name": "Other", "code": "OTH", "company_id": cls.company.id, "is_store": True}
        )
        cls.bob = cls._member("Bob")
        (cls.member | cls.bob).retail_store_id = cls.store
        cls.period = {
            "date_from": cls.now - timedelta(days=1),
            "date_to": cls.now + timedelta(days=30),
            "company_id": cls.company.id,
        }

    @classmethod
    def _lottery(cls, *prizes, opened=True, **values):
        """Return a lottery; a prize is {weight, kind, ...}."""
        lottery = cls.env["retail.lottery"].create(
            {
                "name": "Wheel",
                "draws_per_day": 0,
                "prize_ids": [Command.create({"name": "Prize", **prize}) for prize in prizes],
                **cls.period,
                **values,
            }
        )
        if opened:
            lottery.action_open()
        return lottery

    def _play(self, campaign, member=None, key=None):
        return campaign._play(member or self.member, key or uuid4().hex)

    def _user(self, role, **values):
        return new_test_user(
            self.env,
            login=f"play_{role}",
            groups=f"retail_crm.{role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            **values,
        )
