from datetime import timedelta

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestLife(PromoCommon):
    """draft -> published -> running <-> paused -> ended, or cancelled; with refusals."""

    def test_published_and_started_at_once(self):
        promotion = self._draft()
        promotion.action_publish()
        self.assertEqual(promotion.state, "running")
        self.assertEqual(promotion.discount_product_id.invoice_policy, "order")
        self.assertFalse(promotion.discount_product_id.sale_ok)

    def test_time_moves_it_on(self):
        promotion = self._draft(
            date_from=self.now + timedelta(days=1), date_to=self.now + timedelta(days=2)
        )
        promotion.action_publish()
        self.assertEqual(promotion.state, "published")
        with freeze_time(self.now + timedelta(days=1, hours=1)):
            self.env["retail.promotion"]._cron_advance()
            self.assertEqual(promotion.state, "running")
        with freeze_time(self.now + timedelta(days=2)):
            self.env["retail.promotion"]._cron_advance()
            self.assertEqual(promotion.state, "ended")

    def test_pause_and_resume(self):
        promotion = self._promotion()
        promotion.action_pause()
        self.assertEqual(promotion.state, "paused")
        promotion.action_resume()
        self.assertEqual(promotion.state, "running")
        promotion.action_end()
        self.assertEqual(promotion.state, "ended")
        with self.assertRaisesRegex(UserError, "Ended"):
            promotion.action_resume()

    def test_publishing_tells_all_that_is_missing(self):
        promotion = self._draft(date_from=False, date_to=False, percent=0, product_scope="some")
        with self.assertRaises(UserError) as caught:
            promotion.action_publish()
        for words in ("start and an end", "how many percent", "Choose the products"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual(promotion.state, "draft")

    def test_steps_without_a_step(self):
        with self.assertRaisesRegex(UserError, "at least one step"):
            self._promotion(reward_kind="tiers")

    def test_an_end_in_the_past(self):
        with self.assertRaisesRegex(UserError, "in the past"):
            self._promotion(date_to=self.now - timedelta(hours=1))

    @mute_logger("odoo.sql_db")
    def test_an_end_before_the_start(self):
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self._draft(date_to=self.now - timedelta(days=3))
        self.assertIn("retail_promotion_period", str(caught.exception))

    @mute_logger("odoo.sql_db")
    def test_more_than_all(self):
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self._draft(percent=101)
        self.assertIn("percent_range", str(caught.exception))

    def test_an_archived_product(self):
        goods = self._goods(10, active=False)
        with self.assertRaisesRegex(UserError, "archived"):
            self._promotion(product_scope="some", product_ids=[Command.set(goods.ids)])

    def test_a_step_that_gives_more_than_is_spent(self):
        with self.assertRaises(ValidationError):
            self._steps((100, 120))

    def test_a_step_that_gives_too_much_once_it_counts_amounts(self):
        promotion = self._draft(
            reward_kind="tiers",
            tier_by="qty",
            tier_ids=[Command.create({"at": 3, "amount": 10})],
        )
        with self.assertRaises(ValidationError):
            promotion.tier_by = "amount"

    @mute_logger("odoo.sql_db")
    def test_two_steps_at_one_point(self):
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self._steps((100, 10), (100, 20))
        self.assertIn("at_uniq", str(caught.exception))

    def test_steps_in_a_group_that_chooses_by_line(self):
        group = self.env["retail.promotion.group"].create(
            {"name": "By line", "mode": "best_line", "company_id": self.company.id}
        )
        with self.assertRaises(ValidationError):
            self._steps((100, 10), group_id=group.id)
        promotion = self._steps((100, 10))
        with self.assertRaises(ValidationError):
            promotion.group_id.mode = "best_line"

    def test_numbers_beyond_the_engine(self):
        with self.assertRaisesRegex(UserError, "engine refuses"):
            self._promotion(min_amount=2**53)

    def test_cancelled_before_it_runs_only(self):
        promotion = self._promotion(date_from=self.now + timedelta(days=1))
        promotion.action_cancel()
        self.assertEqual(promotion.state, "cancelled")
        running = self._promotion()
        with self.assertRaisesRegex(UserError, "end it"):
            running.action_cancel()

    def test_rules_rest_while_it_runs(self):
        promotion = self._steps((100, 10))
        for values in (
            {"percent": 20},
            {"tier_ids": [Command.create({"at": 200, "amount": 30})]},
            {"date_from": self.now},
            {"max_discount": 5},
        ):
            with self.assertRaisesRegex(UserError, "pause it"):
                promotion.write(values)
        with self.assertRaisesRegex(UserError, "pause it"):
            promotion.tier_ids.amount = 20
        with self.assertRaisesRegex(UserError, "pause it"):
            promotion.tier_ids.unlink()
        with self.assertRaisesRegex(UserError, "pause it"):
            promotion.tier_ids.create({"promotion_id": promotion.id, "at": 300, "amount": 40})
        promotion.write({"name": "Better name", "description": "<p>Text</p>"})
        self.assertEqual(promotion.discount_product_id.name, "Better name")
        self.assertEqual(promotion.version, 1)

    def test_rules_of_a_pause_are_a_new_version(self):
        promotion = self._promotion(percent=10)
        first = promotion._engine_program()
        promotion.action_pause()
        promotion.percent = 20
        self.assertEqual(promotion.version, 2)
        promotion.percent = 20
        self.assertEqual(promotion.version, 2)
        promotion.action_resume()
        self.assertEqual(promotion.version, 2)
        self.assertEqual(promotion._engine_program_at(1), first)
        self.assertEqual(promotion._engine_program_at(2)["reward"]["rate"], 2000)

    def test_a_step_changed_in_a_pause_is_a_new_version(self):
        promotion = self._steps((100, 10))
        promotion.action_pause()
        promotion.tier_ids.amount = 15
        self.assertEqual(promotion.version, 2)

    def test_a_longer_run_is_a_new_version(self):
        promotion = self._promotion()
        promotion.date_to += timedelta(days=1)
        self.assertEqual(promotion.version, 2)
        promotion.action_end()
        with self.assertRaisesRegex(UserError, "over"):
            promotion.date_to += timedelta(days=1)

    def test_a_draft_has_one_version(self):
        promotion = self._draft()
        promotion.percent = 30
        self.assertEqual(promotion.version, 1)
        promotion.action_publish()
        self.assertEqual(promotion.version, 1)

    def test_used_ones_are_archived_and_not_deleted(self):
        promotion = self._promotion()
        with self.assertRaisesRegex(UserError, "archive"):
            promotion.unlink()
        self._order((self._goods(10), 1)).action_confirm()
        promotion.action_end()
        promotion.action_archive()
        self.assertFalse(promotion.active)
        unused = self._draft()
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_an_archived_one_gives_nothing(self):
        self._promotion().action_archive()
        self.assertFalse(self._ours(self._order((self._goods(10), 1))))

    def test_a_copy_is_a_draft_with_the_same_rules(self):
        copy = self._steps((100, 10)).copy()
        self.assertEqual(
            (copy.state, copy.version, copy.date_from, copy.discount_product_id.id),
            ("draft", 1, False, False),
        )
        self.assertEqual(copy.tier_ids.amount, 10)
        self.assertEqual(copy.name, "Promotion (copy)")
        self.assertEqual(copy.discount_account_id, self.discount_account)

    def test_publishing_tells_that_it_is_done_and_what_it_lacks(self):
        self.company.retail_promo_briefing = "no"
        later = self._draft(date_from=self.now + timedelta(days=1), description="Read me")
        note = later.action_publish()["params"]
        self.assertEqual(note["type"], "warning")
        self.assertRegex(note["message"], r"^Published: it starts on .+\. It has no picture\.$")
        pixel = "R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="
        whole = self._draft(description="Read me", image_1920=pixel)
        self.assertEqual(whole.action_publish()["params"]["message"], "Published: it runs now.")
        two = self._draft(name="One") | self._draft(name="Two", image_1920=pixel)
        self.assertEqual(
            two.action_publish()["params"]["message"],
            "2 promotions are published. One: It has no picture. It has no description. "
            "Two: It has no description.",
        )

    def test_each_company_has_its_default_group(self):
        for company in self.env["res.company"].search([]):
            group = company._retail_promo_default_group()
            self.assertEqual((group.company_id, group.mode), (company, "best"))
        with self.assertRaises(UserError):
            self.company._retail_promo_default_group().unlink()

    def test_names_in_a_product_set_can_t_be_deleted(self):
        tag = self.env["product.tag"].create({"name": "Tag"})
        self._promotion(product_scope="some", tag_ids=[Command.set(tag.ids)])
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            tag.unlink()
