import base64
import io
import os
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import RetailCase

KEY = "b2xkLWtleS1vbGQta2V5LW9sZC1rZXktb2xkLWtleTA="


class MergeCase(RetailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.member.write({"phone": "13800138000", "email": "wang@example.com"})
        cls.tag_a, cls.tag_b = cls.env["res.partner.category"].create(
            [{"name": "A"}, {"name": "B"}]
        )
        cls.member.category_id = cls.tag_a
        cls.other = cls.env["res.partner"].create(
            {
                "name": '王芳 "Fang" 🙂 O\'Neil',
                "is_member": True,
                "member_code": "T-M0002",
                "phone": "13800138001",
                "category_id": [Command.set((cls.tag_a | cls.tag_b).ids)],
            }
        )
        cls.program = cls.env["loyalty.program"].create(
            {"name": "Points", "program_type": "loyalty", "applies_on": "both"}
        )
        cls.manager = new_test_user(
            cls.env,
            "merge_manager",
            groups="retail_crm.group_store_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _card(self, partner, points):
        card = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": partner.id, "points": points}
        )
        self.env["loyalty.history"].create(
            {"card_id": card.id, "description": "Start", "issued": points}
        )
        return card

    def _merge_as_proposed(self):
        action = (self.member | self.other).action_retail_merge()
        self.env["retail.member.merge"].browse(action["res_id"]).action_merge()
        return self.env["retail.member.snapshot"].search([], limit=1)

    def _merge(self, **choices):
        """Merge the other one into the member through the wizard; return the snapshot."""
        action = (self.member | self.other).action_retail_merge()
        wizard = self.env["retail.member.merge"].browse(action["res_id"])
        by_partner = {each.partner_id: each for each in wizard.candidate_ids}
        wizard.survivor_id = by_partner[self.member]
        for line in wizard.line_ids:
            source = choices.get(line.field_name, self.member)
            line.source_id = by_partner[source]
        wizard.action_merge()
        return self.env["retail.member.snapshot"].search([], limit=1)


@tagged("post_install", "-at_install")
class TestMemberMerge(MergeCase):
    """Two members become one, with all that refers to them; and two again."""

    def test_everything_moves(self):
        order = self._order(self._line(self.apple), partner_id=self.other.id)
        message = self.other.message_post(body="Hello")
        friend = self.env["res.partner"].create(
            {
                "name": "Friend",
                "is_member": True,
                "email": "friend@example.com",
                "retail_referrer_id": self.other.id,
            }
        )
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "T", "description": "D", "partner_id": self.other.id}
        )
        follower = self.env["res.partner"].create({"name": "Follower"})
        (self.member | self.other).message_subscribe(follower.ids)
        self._deliver(order)
        facts = self._facts(order)
        self.assertEqual(facts.partner_id, self.other)
        snapshot = self._merge()
        self.assertFalse(self.other.exists())
        self.assertEqual(order.partner_id, self.member)
        self.assertEqual(order.partner_invoice_id, self.member)
        self.assertEqual(order.order_line.order_partner_id, self.member)
        self.assertEqual(facts.partner_id, self.member)
        self.assertIn(message, self.member.message_ids)
        self.assertEqual(friend.retail_referrer_id, self.member)
        self.assertEqual(ticket.partner_id, self.member)
        self.assertEqual(self.member.category_id, self.tag_a | self.tag_b)
        self.assertEqual(self.member.message_partner_ids.filtered("id") & follower, follower)
        self.assertEqual(snapshot.survivor_id, self.member)
        self.assertIn("Sales Order: 1", snapshot.moved_text)
        log = self.env["retail.audit.log"].search([("kind", "=", "merge")], limit=1)
        self.assertEqual((log.res_model, log.res_id), ("res.partner", self.member.id))

    def test_the_chosen_values_stay(self):
        self.other.write({"birthdate_date": "1992-02-29", "street": "Nanjing Rd 1"})
        self._merge(
            name=self.other, phone=self.other, member_code=self.other, birthdate_date=self.other,
            address=self.other,
        )  # fmt: skip
        self.assertRecordValues(
            self.member,
            [
                {
                    "name": '王芳 "Fang" 🙂 O\'Neil',
                    "member_code": "T-M0002",
                    "phone_sanitized": "+8613800138001",
                    "email": "wang@example.com",
                    "street": "Nanjing Rd 1",
                }
            ],
        )
        self.assertEqual(str(self.member.birthdate_date), "1992-02-29")

    def test_the_wizard_proposes_what_is_known(self):
        self.other.write({"do_not_contact": True, "city": "Shanghai"})
        action = (self.member | self.other).action_retail_merge()
        wizard = self.env["retail.member.merge"].browse(action["res_id"])
        self.assertEqual(wizard.survivor_id.partner_id, self.member)
        by_name = {line.field_name: line for line in wizard.line_ids}
        self.assertEqual(by_name["name"].source_id.partner_id, self.member)
        self.assertEqual(by_name["do_not_contact"].source_id.partner_id, self.other)
        self.assertEqual(by_name["address"].source_id.partner_id, self.other)
        self.assertEqual(by_name["address"].other_value, "Shanghai")
        self.assertNotIn("retail_class_id", by_name)

    def test_encrypted_values_move_as_they_are_stored(self):
        with patch.dict(os.environ, {"DAOGOU_KEY": KEY}):
            self.env["ir.config_parameter"].set_param("retail_crm.key_check", False)
            self.member.retail_wechat = "same_one"
            self.other.write({"retail_wechat": "Same_One", "retail_phone2": "13611112222"})
            action = (self.member | self.other).action_retail_merge()
            wizard = self.env["retail.member.merge"].browse(action["res_id"])
            by_name = {line.field_name: line for line in wizard.line_ids}
            self.assertNotIn("retail_wechat", by_name)
            self.assertEqual(by_name["retail_phone2"].source_id.partner_id, self.other)
            wizard.action_merge()
            self.assertEqual(self.member.retail_phone2, "13611112222")
            snapshot = self.env["retail.member.snapshot"].sudo().search([], limit=1)
            self.assertNotIn("13611112222", str(snapshot.data))

    def test_contact_data_is_masked_without_the_right(self):
        user = new_test_user(
            self.env,
            "merge_masked",
            groups="retail_crm.group_member_merge,retail_crm.group_guide",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.store.retail_staff_ids += user
        (self.member | self.other).retail_store_id = self.store
        members = (self.member | self.other).with_user(user)
        wizard = self.env["retail.member.merge"].with_user(user)
        wizard = wizard.browse(members.action_retail_merge()["res_id"])
        phone = wizard.line_ids.filtered(lambda line: line.field_name == "phone")
        self.assertIn("*", phone.kept_value)
        self.assertIn("*", phone.other_value)
        phone.source_id = wizard.candidate_ids - wizard.survivor_id
        wizard.action_merge()
        self.assertEqual(self.member.phone_sanitized, "+8613800138001")

    def test_points_are_added_up(self):
        card, other_card = self._card(self.member, 120), self._card(self.other, 30.5)
        self._merge()
        self.assertEqual(card.points, 150.5)
        self.assertEqual(sum(card.history_ids.mapped("issued")), 150.5)
        self.assertRecordValues(
            other_card, [{"points": 0.0, "active": False, "partner_id": self.member.id}]
        )

    def test_a_card_without_a_like_moves(self):
        card = self._card(self.other, 30)
        self._merge()
        self.assertRecordValues(
            card, [{"points": 30, "active": True, "partner_id": self.member.id}]
        )

    def test_many_at_once(self):
        more = self.env["res.partner"].create(
            [
                {"name": f"Copy {n}", "is_member": True, "email": f"copy{n}@example.com"}
                for n in range(4)
            ]
        )
        self.member._retail_merge(self.other | more)
        self.assertFalse((self.other | more).exists())

    def test_members_who_recommended_each_other(self):
        self.member.retail_referrer_id = self.other
        self._merge()
        self.assertFalse(self.member.retail_referrer_id)

    def test_of_consents_the_last_word_counts_and_comes_back(self):
        self.member.write(
            {"retail_consent_mail": True, "retail_consent_sms": True, "retail_consent_phone": True}
        )
        self.member.write(
            {"retail_consent_mail_at": "2026-01-05", "retail_consent_sms_at": "2026-01-05"}
        )
        self.other.write(
            {
                "retail_consent_mail": False,
                "retail_consent_mail_at": "2026-03-01",  # taken back
                "retail_consent_sms": False,
                "retail_consent_sms_at": "2025-12-01",
            }
        )
        consents = ["retail_consent_mail", "retail_consent_sms", "retail_consent_phone"]
        days = [f"{name}_at" for name in consents[:2]]
        before = self.member.read(consents + days)
        snapshot = self._merge_as_proposed()
        row = self.member.read(consents + days)[0]
        self.assertEqual([row[name] for name in consents], [False, True, True])
        self.assertEqual([str(row[name]) for name in days], ["2026-03-01", "2026-01-05"])
        snapshot._restore()
        self.assertEqual(self.member.read(consents + days), before)

    def test_with_a_user_attached_and_back(self):
        user = new_test_user(self.env, login="merge_shopper", groups="base.group_portal")
        user.partner_id.write({"is_member": True, "email": "shopper@example.com"})
        other_id = self.other.id
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "T", "description": "D", "partner_id": other_id}
        )
        snapshot = user.partner_id._retail_merge(self.other)
        self.assertEqual(ticket.partner_id, user.partner_id)
        snapshot._restore()
        self.assertEqual(ticket.partner_id.id, other_id)
        self.assertEqual(user.partner_id.email, "shopper@example.com")

    # === TAKING BACK === #

    def test_a_merge_is_taken_back(self):
        card, other_card = self._card(self.member, 100), self._card(self.other, 40)
        order = self._order(self._line(self.apple), partner_id=self.other.id)
        message = self.other.message_post(body="Hello")
        other_id = self.other.id
        snapshot = self._merge(name=self.other, phone=self.other, member_code=self.other)
        later = self._order(self._line(self.apple))
        card.points -= 110  # 30 are left
        self.member.name = "Changed since"
        snapshot.with_user(self.manager).action_restore()
        restored = self.env["res.partner"].browse(other_id)
        self.assertRecordValues(
            restored,
            [
                {
                    "name": '王芳 "Fang" 🙂 O\'Neil',
                    "member_code": "T-M0002",
                    "phone": self.other.phone,
                    "is_member": True,
                    "commercial_partner_id": other_id,
                }
            ],
        )
        self.assertEqual(restored.category_id, self.tag_a | self.tag_b)
        self.assertRecordValues(
            self.member,
            [
                {
                    "name": "Changed since",
                    "member_code": "T-M0001",
                    "phone_sanitized": "+8613800138000",
                    "category_id": self.tag_a.ids,
                }
            ],
        )
        self.assertEqual(order.partner_id, restored)
        self.assertEqual(later.partner_id, self.member)
        self.assertIn(message, restored.message_ids)
        self.assertRecordValues(
            card | other_card,
            [
                {"points": 0, "partner_id": self.member.id, "active": True},
                {"points": 30, "partner_id": other_id, "active": True},
            ],
        )
        self.assertEqual(snapshot.state, "restored")
        with self.assertRaises(UserError):
            snapshot.action_restore()

    # === REFUSED === #

    def _assert_refused(self, survivor, losers, part, error=UserError):
        with self.assertRaises(error) as caught:
            survivor._retail_merge(losers)
        self.assertIn(part, str(caught.exception))

    def test_refused(self):
        member, other = self.member, self.other
        self._assert_refused(member, member, "itself")
        self._assert_refused(member, member.browse(), "itself")
        plain = self.env["res.partner"].create({"name": "Plain"})
        self._assert_refused(member, plain, "no member")
        contact = self.env["res.partner"].create(
            {"name": "Contact", "is_member": True, "parent_id": other.id}
        )
        self._assert_refused(other, contact, "own contact")
        self._assert_refused(contact, other, "own contact")
        member.company_id, other.company_id = self.company, self.company_two
        self._assert_refused(member, other, "two companies")
        other.company_id = False
        user = new_test_user(self.env, "member_portal", groups="base.group_portal")
        user.partner_id.is_member = True
        user.active = False
        self._assert_refused(member, user.partner_id, "member_portal")
        user.partner_id._retail_merge(other)
        self.assertFalse(other.exists())

    def test_refused_without_the_right(self):
        guide = new_test_user(self.env, "merge_guide", groups="retail_crm.group_guide")
        self._assert_refused(
            self.member.with_user(guide), self.other.with_user(guide), "manager", AccessError
        )
        with self.assertRaises(AccessError):
            (self.member | self.other).with_user(guide).action_retail_merge()
        snapshot = self._merge()
        with self.assertRaises(AccessError):
            snapshot.with_user(guide)._restore()
        with self.assertRaises(AccessError):
            snapshot.with_user(self.manager).read(["data"])
        with self.assertRaises(AccessError):
            snapshot.with_user(self.manager).write({"state": "kept"})


@tagged("post_install", "-at_install")
class TestMemberDelete(MergeCase):
    """Members that something refers to stay; the others can come back; archiving has a reason."""

    def test_a_buyer_is_not_deleted(self):
        self._order(self._line(self.apple), partner_id=self.other.id)
        self._card(self.other, 5)
        with self.assertRaises(RedirectWarning) as error:
            self.other.unlink()
        message, action, _button, _context = error.exception.args
        self.assertIn("Sales Order: 1", message)
        self.assertIn("Coupon: 1", message.replace("Loyalty Coupon", "Coupon"))
        self.assertEqual(action["res_model"], "retail.member.archive")

    def test_scores_and_moves_keep_nobody(self):
        """They are worked out from sales, so they are no reason to keep who has none."""
        own = {"partner_id": self.other.id, "company_id": self.company.id}
        self.env["retail.member.insight"].sudo().create(own)
        self.env["retail.segment.move"].sudo().create({**own, "day": "2026-01-01"})
        self.other.unlink()
        self.assertFalse(self.other.exists())

    def test_two_members_with_scores_become_one(self):
        for member in self.member | self.other:
            self.env["retail.member.insight"].sudo().create(
                {"partner_id": member.id, "company_id": self.company.id}
            )
        self._merge(name=self.other)
        insights = (
            self.env["retail.member.insight"]
            .sudo()
            .search([("partner_id", "in", (self.member | self.other)._ids)])
        )
        self.assertEqual(insights.partner_id, self.member)

    def test_an_empty_member_is_deleted_and_restored(self):
        values = ["name", "member_code", "phone", "phone_sanitized", "category_id", "create_date"]
        self.other.retail_social_ids = [Command.create({"account": "@fang"})]
        before = self.other.read(values)
        self.other.image_1920 = self._pixel()
        picture, other_id = self.other.image_1920, self.other.id
        self.other.unlink()
        snapshot = self.env["retail.member.snapshot"].search([], limit=1)
        self.assertRecordValues(snapshot, [{"kind": "delete", "member_code": "T-M0002"}])
        snapshot.with_user(self.manager).action_restore()
        restored = self.env["res.partner"].browse(other_id)
        self.assertEqual(restored.read(values), before)
        self.assertEqual(restored.image_1920, picture)
        self.assertEqual(restored.retail_social_ids.account, "@fang")

    def _pixel(self):
        stream = io.BytesIO()
        Image.new("RGB", (1, 1), "red").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def test_a_card_or_phone_given_on_stops_the_restoring(self):
        self.other.unlink()
        snapshot = self.env["retail.member.snapshot"].search([], limit=1)
        new = self.env["res.partner"].create(
            {"name": "New", "is_member": True, "member_code": "T-M0002", "phone": "13800138001"}
        )
        with self.assertRaises(UserError):
            snapshot._restore()
        new.member_code = False
        with self.assertRaises(RedirectWarning):
            snapshot._restore()

    def test_partners_that_are_no_members_are_stock(self):
        plain = self.env["res.partner"].create({"name": "Plain"})
        plain.unlink()
        self.assertFalse(self.env["retail.member.snapshot"].search([("name", "=", "Plain")]))

    def test_archive_with_a_reason(self):
        action = self.other.action_retail_archive()
        wizard = self.env["retail.member.archive"].with_user(self.manager)
        wizard.with_context(**action["context"]).create({"reason": "Moved"}).action_archive()
        self.assertRecordValues(self.other, [{"active": False, "retail_archive_reason": "Moved"}])
        self.assertTrue(
            self.env["retail.audit.log"].search(
                [("kind", "=", "archive"), ("res_id", "=", self.other.id)]
            )
        )

    def test_nobody_archives_without_a_reason(self):
        as_manager = self.other.with_user(self.manager)
        for action in (as_manager.action_archive(), (as_manager + self.member).action_archive()):
            self.assertEqual(action["res_model"], "retail.member.archive")
        with self.assertRaises(UserError):
            as_manager.active = False
        self.assertTrue(self.other.active)
        plain = self.env["res.partner"].create({"name": "Plain"})
        self.assertFalse(plain.with_user(self.manager).action_archive())
        self.assertFalse(plain.active)

    def test_who_brings_a_member_back_is_filed(self):
        self.other.with_user(self.manager).write(
            {"active": False, "retail_archive_reason": "Moved"}
        )
        self.other.with_user(self.manager).action_unarchive()
        self.assertRecordValues(self.other, [{"active": True, "retail_archive_reason": False}])
        row = self.env["retail.audit.log"].search([("kind", "=", "unarchive")], limit=1)
        self.assertEqual((row.user_id, row.res_id), (self.manager, self.other.id))

    # === ERASURE === #

    def test_erasure(self):
        self.other.write({"street": "Nanjing Rd 1", "comment": "likes tea", "gender": "female"})
        self.other.write({"phone": "13800138009"})  # leaves the old one in the history
        order = self._order(self._line(self.apple), partner_id=self.other.id)
        self._deliver(order)
        facts = self._facts(order)
        self.other.message_post(body="My phone is 13800138001")
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Ms Wang complains",
                "description": "Call 13800138001",
                "partner_id": self.other.id,
                "partner_email": "erased@example.com",
            }
        )
        with self.assertRaises(UserError) as error:
            self.other._retail_erase("letter")
        self.assertIn("Requests", str(error.exception))
        with self.assertRaises(AccessError):
            self.other.with_user(self.manager)._retail_erase("letter", confirmed=True)
        self.other._retail_erase("letter", confirmed=True)
        self.assertRecordValues(
            self.other,
            [
                {
                    "name": f"Erased {self.other.id}",
                    "phone": False,
                    "phone_sanitized": False,
                    "email": False,
                    "street": False,
                    "comment": False,
                    "gender": False,
                    "member_code": False,
                    "active": False,
                    "is_member": True,
                    "do_not_contact": True,
                }
            ],
        )
        self.assertEqual(order.partner_id, self.other)
        self.assertEqual(facts.exists().partner_id, self.other)
        self.assertEqual(len(self.other.message_ids), 1)
        self.assertFalse(
            self._everywhere("13800138001", "erased@example.com", "likes tea", "O'Neil")
        )
        self.assertEqual(ticket.name, "Erased")

    def _everywhere(self, *texts):
        """Return where in messages, tracked values, tickets or partners a text is still found."""
        found = []
        self.env.flush_all()
        for table in (
            "mail_message", "mail_tracking_value", "res_partner", "helpdesk_ticket", "mail_mail",
            "retail_audit_log",
        ):  # fmt: skip
            for text in texts:
                query = SQL(
                    "SELECT id FROM %s t WHERE t::text LIKE %s",
                    SQL.identifier(table),
                    f"%{text}%",
                )
                found += [(table, text, row[0]) for row in self.env.execute_query(query)]
        return found

    def test_erasure_of_points_and_snapshots(self):
        card = self._card(self.member, 40)
        snapshot = self._merge()
        with self.assertRaises(UserError) as error:
            self.member._retail_erase("letter")
        self.assertIn("40", str(error.exception))
        self.member._retail_erase("letter", confirmed=True)
        self.assertEqual((card.points, sum(card.history_ids.mapped("used"))), (0.0, 40.0))
        self.assertEqual((snapshot.state, snapshot.sudo().data), ("erased", False))
