from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestMemberInsight(RetailCase):
    """Scores, segments and who is lost: from sold lines, the same for the same day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env.user)
        cls.insights = cls.env["retail.member.insight"]
        cls.company.retail_churn_days = 90
        cls.env["retail.sale.fact"].search([]).unlink()

    @classmethod
    def _member(cls, name, *purchases, **values):
        """Make a member with purchases given as (days ago, amount)."""
        mail = f"{name.lower()}@example.com"
        member = cls.env["res.partner"].create(
            {"name": name, "email": mail, "is_member": True, **values}
        )
        cls._facts_of(member, *purchases)
        return member

    @classmethod
    def _facts_of(cls, member, *purchases, event="sold"):
        rows = []
        for number, (ago, amount) in enumerate(purchases):
            day = cls.today - timedelta(days=ago)
            rows.append(
                {
                    "source_model": "retail.import.history",
                    "source_line": f"{member.id},{event},{ago},{number}",
                    "event": event,
                    "basket": f"history,{member.id},{ago}",
                    "document": f"R{member.id}-{ago}",
                    "sold_at": fields.Datetime.to_datetime(day),
                    "day": day,
                    "company_id": cls.company.id,
                    "store_id": cls.store.id,
                    "channel_id": None,
                    "partner_id": member.id,
                    "guide_id": None,
                    "product_id": cls.apple.id,
                    "qty": 1 if amount > 0 else -1,
                    "price_subtotal": amount,
                    "price_tax": 0,
                    "price_total": amount,
                    "discount_amount": 0,
                    "promotion_amount": 0,
                    "cost": None,
                    "currency_id": cls.company.currency_id.id,
                    "amount_company": amount,
                    "total_company": amount,
                }
            )
        cls.env["retail.sale.fact"]._upsert(rows)

    def _insight(self, member):
        return self.insights.search(
            [("partner_id", "=", member.id), ("company_id", "=", self.company.id)]
        )

    def test_amounts_are_net_and_a_returned_purchase_is_none(self):
        member = self._member("Net", (10, 100.0), (40, 50.0))
        self._facts_of(member, (10, -30.0), (40, -50.0), event="returned")
        self.insights._refresh()
        insight = self._insight(member)
        self.assertRecordValues(
            insight, [{"frequency": 1, "amount": 70.0, "recency_days": 10, "interval_days": 0.0}]
        )
        self.assertFalse(insight.expected_purchases)

    def test_fifths_and_segments(self):
        members = [
            self._member(
                f"M{number}", *[(5 * number + 30 * i + 1, 10.0) for i in range(10 - number)]
            )
            for number in range(10)
        ]
        self.insights._refresh()
        best, worst = self._insight(members[0]), self._insight(members[9])
        self.assertEqual((best.recency_score, best.frequency_score, best.amount_score), (5, 5, 5))
        self.assertEqual((worst.recency_score, worst.frequency_score), (1, 1))
        self.assertEqual(best.segment_id, self.env.ref("retail_crm.segment_champions"))
        self.assertEqual(worst.segment_id, self.env.ref("retail_crm.segment_lost"))
        self.assertEqual(members[0].retail_segment_id, best.segment_id)

    def test_states(self):
        active = self._member("Active", (3, 10.0), (33, 10.0), (63, 10.0), (93, 10.0))
        lost = self._member("Lost", (90, 10.0))
        almost = self._member("Almost", (89, 10.0))
        back = self._member("Back", (2, 10.0), (92, 10.0))
        once = self._member("Once", (1, 10.0))
        self.insights._refresh()
        states = {
            member: member.retail_churn_state for member in active | lost | almost | back | once
        }
        self.assertEqual(list(states.values()), ["active", "churned", "risk", "won_back", "active"])
        found = self.env["res.partner"].search([("retail_churn_state", "=", "churned")])
        self.assertEqual(found, lost)

    def test_a_class_has_its_own_days(self):
        patient = self.env["retail.customer.class"].create(
            {"name": "Patient", "level": 77, "churn_days": 400}
        )
        member = self._member("Patient", (200, 10.0), retail_class_id=patient.id)
        self.insights._refresh()
        self.assertEqual(member.retail_churn_state, "risk")
        patient.churn_days = 150
        self.insights._refresh()
        self.assertEqual(member.retail_churn_state, "churned")

    def test_the_rhythm_of_buying_tells_who_is_lost(self):
        for number in range(30):
            self._member(
                f"R{number}", *[(number % 20 + 14 * i, 10.0) for i in range(number % 6 + 1)]
            )
        weekly_gone = self._member("Gone", *[(70 + 7 * i, 10.0) for i in range(20)])
        slow = self._member("Slow", *[(70 + 60 * i, 10.0) for i in range(6)])
        self.insights._refresh()
        self.assertGreater(weekly_gone.retail_churn_probability, slow.retail_churn_probability)
        self.assertGreater(slow.retail_expected_purchases, weekly_gone.retail_expected_purchases)
        self.assertIn("60", self._insight(slow).explanation)
        fitted = self.env["retail.churn.model"].search([("company_id", "=", self.company.id)])
        self.assertEqual((fitted.buyers, fitted.day), (32, self.today))

    def test_unchanged_writes_nothing_and_moves_are_filed(self):
        first = self._member("First", (300, 500.0), (310, 500.0))
        others = [self._member(f"O{number}", (number + 1, 50.0)) for number in range(8)]
        self.insights._refresh()
        self.assertEqual(self.insights._refresh(), 0)
        self.assertFalse(self.env["retail.segment.move"].search([]))
        before = first.retail_segment_id
        self._facts_of(first, (0, 900.0))
        self.assertTrue(self.insights._refresh())
        move = self.env["retail.segment.move"].search([("partner_id", "=", first.id)])
        self.assertRecordValues(
            move,
            [
                {
                    "old_segment_id": before.id,
                    "new_segment_id": first.retail_segment_id.id,
                    "day": self.today,
                }
            ],
        )
        self.assertNotEqual(before, first.retail_segment_id)
        self.assertTrue(others)

    def test_a_past_day_gives_what_it_gave_then(self):
        member = self._member("Past", (100, 10.0), (130, 10.0))
        self.insights._refresh()
        self._facts_of(member, (5, 999.0))
        self.insights._stage(self.today - timedelta(days=50))
        self.env.cr.execute("SELECT amount, recency_days, churn_state FROM retail_insight_stage")
        self.assertEqual(self.env.cr.fetchall(), [(20, 50, "risk")])

    def test_segments_on_a_day(self):
        self._member("Then", (40, 10.0))
        self._member("Now", (1, 10.0))
        self.insights._refresh()
        wizard = self.env["retail.segment.day"].create({"day": self.today - timedelta(days=30)})
        wizard.action_show()
        self.assertEqual(sum(wizard.line_ids.mapped("member_count")), 1)
        self.assertEqual(sum(wizard.line_ids.mapped("today_count")), 2)
        with self.assertRaises(ValidationError):
            wizard.day = self.today + timedelta(days=1)

    def _two_kinds(self):
        """Return members who spend much and members who spend little, in fresh clusters."""
        self.company.retail_cluster_count = 2
        rich = [self._member(f"Rich{n}", *[(i * 7 + 1, 500.0) for i in range(9)]) for n in range(3)]
        poor = [self._member(f"Poor{n}", (250 + n, 5.0)) for n in range(6)]
        self.insights._refresh()
        return self.env["res.partner"].union(*rich), self.env["res.partner"].union(*poor)

    def test_members_who_buy_alike_come_together(self):
        rich, poor = self._two_kinds()
        best, rest = rich.retail_cluster_id, poor.retail_cluster_id
        self.assertRecordValues(
            best | rest,
            [
                {"rank": 1, "member_count": 3, "frequency": 9.0, "amount": 4500.0},
                {"rank": 2, "member_count": 6, "frequency": 1.0, "amount": 5.0},
            ],
        )
        self.assertAlmostEqual(best.share, 13500 / 13530)
        self.assertEqual(best.pattern, "came lately, comes often, spends much")
        self.assertEqual(rest.display_name, "2 · away for long, comes seldom, spends little")
        rest.name = "Sleepers"
        self.assertEqual(rest.display_name, "2 · Sleepers")
        self.assertEqual(self.insights._refresh(), 0)
        self.assertEqual(
            self.env["res.partner"].search([("retail_cluster_id", "=", best.id)]), rich
        )

    def test_who_did_not_buy_for_a_year_is_in_no_cluster(self):
        self._two_kinds()
        gone = self._member("Gone", (500, 9999.0))
        self.insights._refresh()
        self.assertFalse(gone.retail_cluster_id)
        self.assertTrue(gone.retail_segment_id)

    def test_fewer_clusters_remove_the_last(self):
        self._two_kinds()
        self.company.retail_cluster_count = 3
        self.insights._refresh()
        clusters = self.env["retail.cluster"].search([("company_id", "=", self.company.id)])
        self.assertEqual(clusters.mapped("rank"), [1, 2, 3])
        self.company.retail_cluster_count = 2
        self.insights._refresh()
        self.assertEqual(clusters.exists().mapped("rank"), [1, 2])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.company.retail_cluster_count = 1
            self.company.flush_recordset()

    def test_clusters_on_a_day(self):
        rich, _poor = self._two_kinds()
        wizard = self.env["retail.segment.day"].create(
            {"day": self.today - timedelta(days=200), "parted_by": "cluster_id"}
        )
        wizard.action_show()
        then = {line.cluster_id.rank: line.member_count for line in wizard.line_ids}
        today = {line.cluster_id.rank: line.today_count for line in wizard.line_ids}
        self.assertEqual(sum(then.values()), 6)
        self.assertEqual(today, {1: len(rich), 2: 6})

    def test_only_promotion_and_admin_name_a_cluster(self):
        rich, _poor = self._two_kinds()
        cluster = rich.retail_cluster_id
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        guide = new_test_user(self.env, "cluster_guide", "retail_crm.group_guide", **company)
        self.assertEqual(cluster.with_user(guide).member_count, 3)
        with self.assertRaises(AccessError):
            cluster.with_user(guide).name = "Mine"
        manager = new_test_user(self.env, "cluster_promo", "retail_crm.group_promotion", **company)
        cluster.with_user(manager).name = "Best friends"
        two = {
            "company_id": self.company_two.id,
            "company_ids": [(6, 0, self.company_two.ids)],
        }
        other = new_test_user(self.env, "cluster_two", "retail_crm.group_promotion", **two)
        self.assertFalse(
            self.env["retail.cluster"].with_user(other).search([("id", "=", cluster.id)])
        )

    def test_ten_active_three_silent_are_thirty_percent(self):
        month = date(self.today.year, self.today.month, 1)
        start = fields.Date.subtract(month, months=1)
        ago = (self.today - start).days
        for number in range(10):
            # Bought before the month; three of them then kept silent for 90 days at its end.
            last = ago + 80 if number < 3 else ago - 5
            self._member(f"A{number}", (ago + 80, 10.0), (last, 10.0))
        self._member("Fresh", (ago - 3, 10.0))
        self._member("Again", (ago + 200, 10.0), (ago - 4, 10.0))
        self.env["retail.churn.month"]._refresh(months=2)
        row = self.env["retail.churn.month"].search([("month", "=", start)])
        self.assertRecordValues(
            row,
            [
                {
                    "active_count": 10,
                    "lost_count": 3,
                    "new_count": 1,
                    "won_back_count": 1,
                    # The three silent ones have two lines of one purchase; Fresh bought once.
                    "buyer_count": 12,
                    "repeat_count": 8,
                }
            ],
        )
        self.assertAlmostEqual(row.churn_rate, 0.3)
        self.assertAlmostEqual(row.repurchase_rate, 8 / 12)

    def test_two_companies_keep_apart(self):
        member = self._member("Both", (10, 10.0))
        self.insights._refresh()
        other = self.insights.with_company(self.company_two)
        self.assertFalse(other.search([("company_id", "=", self.company_two.id)]))
        self.assertFalse(member.with_company(self.company_two).retail_churn_state)

    def test_members_found_and_grouped_by_segment(self):
        member = self._member("Found", (1, 10.0))
        self.insights._refresh()
        segment = member.retail_segment_id
        partners = self.env["res.partner"]
        self.assertIn(member, partners.search([("retail_segment_id", "=", segment.id)]))
        self.assertIn(member, partners.search([("retail_segment_id", "ilike", segment.name)]))
        self.assertNotIn(member, partners.search([("retail_segment_id", "=", False)]))
        groups = partners._read_group([("id", "=", member.id)], ["retail_segment_id"], ["__count"])
        self.assertEqual(groups, [(segment, 1)])

    def test_a_list_reads_all_insight_by_one_query(self):
        members = self.env["res.partner"].union(
            *[self._member(f"Q{number}", (number + 1, 10.0)) for number in range(20)]
        )
        self.insights._refresh()
        self.env["res.partner"].invalidate_model()
        members.mapped("commercial_partner_id.name")
        with self.assertQueryCount(1):
            members.mapped("retail_churn_state")

    def test_used_segments_are_kept(self):
        member = self._member("Kept", (1, 10.0))
        self.insights._refresh()
        with self.assertRaisesRegex(ValidationError, "1 members are in the segment"):
            member.retail_segment_id.unlink()
        segment = self.env["retail.segment"].create({"name": "Unused"})
        segment.unlink()

    def test_scores_out_of_range_are_refused(self):
        with Form(self.env["retail.segment"]) as form:
            form.name = "Odd"
        segment = form.save()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            segment.recency_to = 7
            segment.flush_recordset()

    def test_roles(self):
        member = self._member("Theirs", (1, 10.0), retail_store_id=self.store_two.id)
        self.insights._refresh()
        insight = self._insight(member)
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        for role in ("service", "promotion", "accountant", "store_manager"):
            user = new_test_user(self.env, f"insight_{role}", f"retail_crm.group_{role}", **company)
            self.assertTrue(insight.with_user(user).read(["churn_state"]), role)
            with self.assertRaises(AccessError):
                insight.with_user(user).write({"frequency": 5})
        guide = new_test_user(self.env, "insight_guide", "retail_crm.group_guide", **company)
        guide.retail_store_ids = self.store
        self.assertFalse(self.insights.with_user(guide).search([("id", "=", insight.id)]))
        guide.retail_store_ids = self.store_two
        self.assertTrue(self.insights.with_user(guide).search([("id", "=", insight.id)]))
        with self.assertRaises(AccessError):
            self.env["retail.churn.month"].with_user(guide).search([])
