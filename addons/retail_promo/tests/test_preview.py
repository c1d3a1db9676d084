from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestPreview(PromoCommon):
    """The form tells on an example basket what the rules give, while they are written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls._goods(15, name="Tea")
        cls.cup = cls._goods(8, name="Cup")

    def _text(self, promotion):
        return promotion.preview.replace("\u00a0", " ")

    def _sampled(self, *lines, **values):
        samples = [Command.create({"product_id": product.id, "qty": qty}) for product, qty in lines]
        return self._draft(sample_ids=samples, **values)

    def test_the_basket_of_the_manager(self):
        promotion = self._sampled((self.tea, 3), percent=20)
        self.assertEqual(
            self._text(promotion),
            "A basket of 3 x Tea, $ 45.00, gets $ 9.00 off: the customer pays $ 36.00.",
        )
        promotion.sample_ids.price_unit = 10
        self.assertIn("$ 24.00", self._text(promotion))

    def test_the_minimum_margin_holds_here_too(self):
        self.company.write({"retail_promo_keep_margin": True, "retail_promo_min_margin": 20})
        self.tea.standard_price = 10
        promotion = self._sampled((self.tea, 2), percent=50)
        self.assertEqual(
            self._text(promotion),
            "A basket of 2 x Tea, $ 30.00, gets $ 5.00 off: the customer pays $ 25.00. "
            "The minimum margin of the company allows no more.",
        )
        promotion.percent = 10
        self.assertNotIn("margin", self._text(promotion))
        self.tea.standard_price = 14
        promotion.invalidate_recordset(["preview"])
        self.assertIn("gets nothing yet. The minimum margin", self._text(promotion))
        # The cost is without tax, and so is the price that it is compared with.
        self.tea.write({"standard_price": 10, "taxes_id": [Command.set(self.tax20_included.ids)]})
        promotion.percent = 50
        self.assertIn("gets nothing yet", self._text(promotion))

    def test_gift_cards_are_no_example(self):
        self.env["product.product"].search([("type", "=", "consu")]).sale_ok = False
        card = self.env.ref("loyalty.gift_card_product_50")
        self.env["loyalty.program"].create(
            {
                "name": "Gift Cards",
                "program_type": "gift_card",
                "rule_ids": [Command.create({"product_ids": card.ids})],
            }
        )
        self.assertNotIn(card.name, self._text(self._draft(percent=20)))

    def test_goods_before_services(self):
        self.env["product.product"].search([("type", "=", "consu")]).sale_ok = False
        self.tea.sale_ok = True
        self.assertIn("Tea", self._text(self._draft(percent=20)))

    def test_what_is_missing(self):
        promotion = self._sampled(
            (self.tea, 2), reward_kind="amount", reward_amount=5, min_amount=50
        )
        self.assertEqual(
            self._text(promotion),
            "A basket of 2 x Tea, $ 30.00, gets nothing yet. $ 20.00 more would change that.",
        )

    def test_a_basket_is_found(self):
        promotion = self._draft(
            reward_kind="nth",
            group_size=3,
            percent=100,
            product_scope="some",
            product_ids=[Command.set(self.tea.ids)],
        )
        self.assertIn("3 x Tea", self._text(promotion))
        self.assertIn("$ 15.00 off", self._text(promotion))

    def test_conditions_don_t_count(self):
        promotion = self._sampled(
            (self.tea, 1),
            percent=10,
            class_ids=[Command.set(self.env.ref("retail_crm.class_vip").ids)],
            first_only=True,
            window_ids=[Command.create({"hour_from": 1, "hour_to": 2})],
        )
        self.assertIn("$ 1.50 off", self._text(promotion))

    def test_gifts_and_delivery(self):
        gift = self._sampled(
            (self.tea, 4),
            reward_kind="gift",
            group_size=2,
            gift_ids=[Command.create({"product_id": self.cup.id})],
        )
        self.assertIn("gets 2 as a gift (Cup)", self._text(gift))
        delivery = self._sampled((self.tea, 4), reward_kind="delivery")
        self.assertIn("is delivered free", self._text(delivery))

    def test_buy_one_get_another_cheaper(self):
        promotion = self._draft(
            reward_kind="cross",
            group_size=1,
            percent=50,
            product_scope="some",
            product_ids=[Command.set(self.tea.ids)],
            target_scope="some",
            target_product_ids=[Command.set(self.cup.ids)],
        )
        self.assertIn("1 x Tea and 1 x Cup", self._text(promotion))
        self.assertIn("$ 4.00 off", self._text(promotion))

    def test_nothing_while_the_rules_are_not_complete(self):
        self.assertFalse(self._draft(percent=0).preview)
        self.assertFalse(self._draft(reward_kind="bundle").preview)

    def test_while_it_is_written(self):
        form = Form(self.env["retail.promotion"])
        form.name = "Tea"
        form.product_scope = "some"
        form.product_ids.add(self.tea)
        form.reward_kind = "bundle"
        form.reward_price = 40
        form.group_size = 3
        self.assertIn("$ 5.00 off", form.preview.replace("\u00a0", " "))
        with form.sample_ids.new() as line:
            line.product_id = self.tea
            line.qty = 6
            self.assertEqual(line.price_unit, 15)
        self.assertIn("$ 10.00 off", form.preview.replace("\u00a0", " "))
        form.reward_kind = "tiers"
        with form.tier_ids.new() as step:
            step.at = 50
            step.amount = 7
        self.assertIn("$ 7.00 off", form.preview.replace("\u00a0", " "))
        form.reward_kind = "gift"
        with form.gift_ids.new() as gift:
            gift.product_id = self.cup
        self.assertIn("Cup", form.preview)

    def test_the_basket_can_change_while_it_runs(self):
        promotion = self._promotion(percent=20)
        promotion.sample_ids = [Command.create({"product_id": self.tea.id, "qty": 1000000})]
        self.assertIn("3,000,000.00 off", self._text(promotion))
        self.assertEqual(promotion.version, 1)

    def test_another_currency(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        promotion = self._sampled((self.tea, 3), currency_id=yen.id, percent=10)
        promotion.sample_ids.price_unit = 333
        self.assertIn("100", self._text(promotion))
        self.assertIn("899", self._text(promotion))


@tagged("post_install", "-at_install")
class TestTemplates(PromoCommon):
    """Each of the ten usual promotions is one choice and a few fields away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls._goods(60, name="Tea")
        cls.cup = cls._goods(8, name="Cup")

    def _use(self, name):
        action = self.env.ref(f"retail_promo.template_{name}").action_use()
        promotion = self.env["retail.promotion"].browse(action["res_id"])
        if promotion.product_scope == "some":
            promotion.product_ids = self.tea
        promotion.discount_account_id = self.discount_account
        return promotion

    def test_all_of_them(self):
        self.cup.list_price = 8
        gives = {
            "category": 24,
            "steps": 30,
            "cheapest_free": 60,
            "second_half": 60,
            "bundle": 81,
            "flash": 200.4,
            "gift": 8,
            "class": 28.8,
            "happy_hour": 48,
            "every": 30,
        }
        member = self.env["res.partner"].create(
            {
                "name": "Member",
                "is_member": True,
                "email": "member@example.com",
                "retail_class_id": self.env.ref("retail_crm.class_vip").id,
            }
        )
        self.assertEqual(self.env["retail.promotion.template"].search_count([]), len(gives))
        for name, amount in gives.items():
            with self.subTest(template=name), self.env.cr.savepoint() as savepoint:
                promotion = self._use(name)
                if name == "gift":
                    promotion.gift_ids = [Command.create({"product_id": self.cup.id})]
                promotion.window_ids.unlink()
                promotion.action_publish()
                order = self._order((self.tea, 4), partner_id=member.id)
                self.assertGives(order, amount)
                savepoint.rollback()
            self.env.registry.clear_cache()
            self.env.invalidate_all()

    def test_what_is_left_to_be_chosen_is_told(self):
        action = self.env.ref("retail_promo.template_bundle").action_use()
        promotion = self.env["retail.promotion"].browse(action["res_id"])
        self.assertEqual(promotion.state, "draft")
        with self.assertRaisesRegex(UserError, "Choose the products"):
            promotion.action_publish()

    def test_a_gift_comes_beside_the_best_price(self):
        self._promotion(percent=10)
        gift = self._use("gift")
        gift.gift_ids = [Command.create({"product_id": self.cup.id})]
        gift.action_publish()
        order = self._order((self.tea, 1))
        self.assertEqual(order.amount_total, 54)
        self.assertEqual(order.order_line.retail_gift_of_id, gift)
        self.assertEqual(self._use("gift").group_id, gift.group_id)

    def test_hours(self):
        promotion = self._use("happy_hour")
        program = promotion._engine_program()
        self.assertEqual(
            program["windows"], [{"days": [1, 2, 3, 4, 5], "start": "17:00", "end": "19:00"}]
        )


@tagged("post_install", "-at_install")
class TestPlan(PromoCommon):
    """What was planned, what came of it, and which rules held when."""

    def test_closing_asks_for_an_evaluation(self):
        promotion = self._promotion()
        with self.assertRaisesRegex(UserError, "can't be done now"):
            promotion.action_close()
        promotion.action_end()
        with self.assertRaisesRegex(UserError, "what came of"):
            promotion.action_close()
        promotion.evaluation = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "what came of"):
            promotion.action_close()
        promotion.evaluation = "<p>Worth it.</p>"
        promotion.action_close()
        self.assertTrue(promotion.is_closed)
        with self.assertRaisesRegex(UserError, "is closed"):
            promotion.with_user(self.env.user).sudo(False).planned_cost = 5
        self.assertFalse(promotion.copy().is_closed or promotion.copy().evaluation)

    def test_nobody_closes_by_hand(self):
        promotion = self._draft().sudo(False)
        with self.assertRaisesRegex(UserError, "button"):
            promotion.is_closed = True

    def test_versions_in_words(self):
        tag = self.env["product.tag"].create({"name": "Summer"})
        promotion = self._promotion(percent=10)
        promotion.action_pause()
        promotion.write(
            {
                "percent": 20,
                "product_scope": "some",
                "tag_ids": [Command.set(tag.ids)],
                "min_amount": 50,
            }
        )
        second, first = promotion.version_ids.sorted("version", reverse=True)
        self.assertEqual(first.changes, "The first rules")
        self.assertEqual(
            second.changes.replace("\u00a0", " ").split("\n"),
            [
                "Currency: none -> USD",
                "Products: all -> Summer",
                "From Amount: none -> $ 50.00",
                "Reward: 10% off -> 20% off",
            ],
        )

    def test_each_rule_has_words(self):
        everything = self._promotion(
            reward_kind="nth",
            group_size=3,
            percent=100,
            stackable=True,
            priority=3,
            class_ids=[Command.set(self.env.ref("retail_crm.class_vip").ids)],
            first_only=True,
            spend_amount=100,
            min_qty=2,
            max_discount=50,
            limit_orders=5,
            exclude_product_ids=[Command.set(self._goods(5, name="Gold").ids)],
            window_ids=[Command.create({"hour_from": 9, "hour_to": 17})],
        )
        everything.action_pause()
        everything.write(
            {
                "stackable": False,
                "class_ids": [Command.clear()],
                "first_only": False,
                "spend_amount": 0,
                "min_qty": 0,
                "max_discount": 0,
                "limit_orders": 0,
                "exclude_product_ids": [Command.clear()],
                "date_from": False,
            }
        )
        changes = everything.version_ids.sorted("version")[-1].changes
        for words in ("Stacks: yes -> none", "Member Classes: VIP", "all but not Gold", "Start: "):
            self.assertIn(words, changes)

    def test_warnings_don_t_keep_it_from_being_published(self):
        promotion = self._draft()
        action = promotion.action_publish()
        self.assertIn("no picture", action["params"]["message"])
        self.assertEqual(promotion.state, "running")
