import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestProductReview(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "retail_crm.group_store_manager"
        cls.author, cls.reviewer = (cls._user(f"review_{n}", group) for n in ("author", "second"))
        cls.tea = cls.products["tea"].product_tmpl_id.with_user(cls.author)
        cls.checks = {
            "retail_check_text": True,
            "retail_check_image": True,
            "retail_check_price": True,
            "retail_check_law": True,
        }

    def _approve(self):
        self.tea.action_retail_submit()
        tea = self.tea.with_user(self.reviewer)
        tea.write(self.checks)
        tea.action_retail_approve()

    @classmethod
    def _picture(cls, color="red"):
        stream = io.BytesIO()
        Image.new("RGB", (60, 60), color).save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def test_a_colleague_approves(self):
        self.assertEqual(self.tea.retail_review_state, "draft")
        self._approve()
        self.assertRecordValues(
            self.tea,
            [
                {
                    "retail_review_state": "approved",
                    "retail_submitted_by_id": self.author.id,
                    "retail_reviewed_by_id": self.reviewer.id,
                }
            ],
        )

    def test_nobody_approves_the_own_product(self):
        self.tea.action_retail_submit()
        self.tea.write(self.checks)
        for action in (self.tea.action_retail_approve, self.tea.action_retail_reject):
            with self.assertRaisesRegex(UserError, "a colleague reviews it"):
                action()

    def test_each_point_is_checked(self):
        self.tea.action_retail_submit()
        tea = self.tea.with_user(self.reviewer)
        tea.write({**self.checks, "retail_check_law": False})
        with self.assertRaisesRegex(UserError, "against the law"):
            tea.action_retail_approve()

    def test_a_rejection_says_why(self):
        self.tea.action_retail_submit()
        tea = self.tea.with_user(self.reviewer)
        with self.assertRaisesRegex(UserError, "what must change"):
            tea.action_retail_reject()
        tea.retail_reject_reason = "The picture shows coffee."
        tea.action_retail_reject()
        self.assertEqual(tea.retail_review_state, "rejected")
        self.tea.action_retail_submit()
        self.assertFalse(self.tea.retail_reject_reason)
        self.assertFalse(self.tea.retail_check_text)

    def test_a_change_that_customers_see_takes_the_approval_away(self):
        for values in (
            {"name": "Green Tea"},
            {"list_price": 3.5},
            {"description_sale": "From the mountains"},
            {"image_1920": self._picture()},
        ):
            self._approve()
            self.tea.write(values)
            self.assertEqual(self.tea.retail_review_state, "draft", values)

    def test_other_changes_leave_it(self):
        self._approve()
        self.tea.write({"name": self.tea.name, "list_price": self.tea.list_price})
        self.tea.write({"retail_model": "T-1", "barcode": "4006381333931"})
        self.assertEqual(self.tea.retail_review_state, "approved")

    def test_forbidden_words_in_any_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["retail.forbidden.word"].create(
            [{"name": "最佳", "reason": "advertising law"}, {"name": "Miracle"}]
        )
        self.tea.description_sale = "A mIRACLE of taste"
        with self.assertRaisesRegex(UserError, "Take these words out: Miracle"):
            self.tea.action_retail_submit()
        self.tea.description_sale = "Tasty"
        self.tea.with_context(lang="zh_CN").retail_usage = "最佳饮品"
        with self.assertRaisesRegex(UserError, "最佳 .advertising law"):
            self.tea.action_retail_submit()

    def test_a_product_without_a_price_is_not_submitted(self):
        self.tea.list_price = 0
        with self.assertRaises(UserError):
            self.tea.action_retail_submit()

    def test_the_state_is_not_written_by_hand(self):
        for user in (self.author, self.env.user):
            with self.assertRaises(UserError):
                self.tea.with_user(user).retail_review_state = "approved"
        made = self.env["product.template"].create(
            {"name": "Sly", "retail_review_state": "approved"}
        )
        self.assertEqual(made.retail_review_state, "draft")
        self._approve()
        self.assertEqual(self.tea.copy().retail_review_state, "draft")

    def test_only_approved_products_are_published(self):
        with self.assertRaisesRegex(UserError, "isn't approved"):
            self.tea._check_retail_approved()
        self._approve()
        self.tea._check_retail_approved()

    def test_who_reviews(self):
        self.tea.action_retail_submit()
        guide = self._user("review_guide", "retail_crm.group_guide")
        for name in ("submit", "approve", "reject", "draft"):
            with self.assertRaises(AccessError):
                getattr(self.tea.with_user(guide), f"action_retail_{name}")()
        with self.assertRaises(AccessError):
            self.env["retail.forbidden.word"].with_user(guide).create({"name": "x"})

    def test_completeness(self):
        tea = self.tea
        tea.write({"categ_id": False, "list_price": 0})
        self.assertEqual(tea.retail_completeness, 0)
        self.assertIn("Brand", tea.retail_missing)
        tea.write(
            {
                "image_1920": self._picture(),
                "retail_image_back": self._picture("blue"),
                "description_sale": "short",
                "list_price": 2,
                "categ_id": self.env["product.category"].create({"name": "C"}).id,
                "product_brand_id": self.env["product.brand"].create({"name": "T-Brand"}).id,
                "retail_material": "Leaves",
                "retail_size": "100 g",
                "retail_usage": "With hot water",
            }
        )
        self.assertEqual(tea.retail_completeness, 80)
        tea.description_sale = "From the mountains of Fujian"
        self.assertEqual(tea.retail_completeness, 100)
        self.assertFalse(tea.retail_missing)

    def test_the_stale_list(self):
        domain = ["|", ("retail_reviewed_at", "=", False), ("retail_reviewed_at", "<", "-6m")]
        templates = self.env["product.template"]
        self.assertIn(self.tea, templates.search(domain))
        self._approve()
        self.assertNotIn(self.tea, templates.search(domain))
        self.tea._retail_write_review({"retail_reviewed_at": "2020-01-01"})
        self.assertIn(self.tea, templates.search(domain))
