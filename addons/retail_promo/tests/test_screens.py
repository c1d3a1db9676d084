from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestScreens(PromoCommon):
    """The forms can be filled in as people do, and every view loads."""

    def test_a_promotion_from_the_form(self):
        with Form(self.env["retail.promotion"]) as form:
            form.name = "Spend more, save more"
            form.reward_kind = "tiers"
            for at, amount in ((100, 10), (200, 30)):
                with form.tier_ids.new() as tier:
                    tier.at = at
                    tier.amount = amount
            form.date_from = "2026-01-01 00:00:00"
            form.date_to = "2099-01-01 00:00:00"
        promotion = form.record
        self.assertEqual(promotion.group_id, self.company._retail_promo_default_group())
        self.assertEqual(
            promotion.reward_text.replace("\u00a0", " "),
            "$ 10.00 off from $ 100.00, $ 30.00 off from $ 200.00",
        )
        promotion.action_publish()
        self.assertGives(self._order((self._goods(100), 2)), 30)

    def test_every_action_has_its_views(self):
        for name in ("", "_group", "_application", "_difference"):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"retail_promo.retail_promotion{name}_action"
            )
            model = self.env[action["res_model"]]
            for mode in action["view_mode"].split(","):
                self.assertTrue(model.get_view(view_type=mode)["arch"])

    def test_settings(self):
        settings = self.env["res.config.settings"].create({"retail_promo_on_orders": False})
        settings.execute()
        self.assertFalse(self.company.retail_promo_on_orders)

    def test_new_promotions_take_the_company_s_account(self):
        self.company.retail_promo_account_id = self.discount_account
        promotion = self.env["retail.promotion"].create(
            {"name": "X", "tier_ids": [Command.create({"at": 3, "amount": 1})]}
        )
        self.assertEqual(promotion.discount_account_id, self.discount_account)
