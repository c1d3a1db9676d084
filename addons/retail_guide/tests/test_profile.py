from odoo.tests import tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestProfile(GuideCase):
    """What a member's form tells of the goods that the member buys."""

    def test_favourite_brand(self):
        lotus, crane = self.env["product.brand"].create([{"name": "Lotus"}, {"name": "Crane"}])
        self.products["tea"].product_brand_id = lotus
        self.products["milk"].product_brand_id = lotus
        self.products["bread"].product_brand_id = crane
        self._sold(["tea", "bread"], partner=self.member)
        self._sold(["milk"], partner=self.member)
        self._sold(["butter"], partner=self.member, times=4)
        stranger = self._member("Nobody")
        guide = self._user("profile-guide", "retail_crm.group_guide")
        members = (self.member | stranger).with_user(guide)
        self.assertEqual(members.mapped("retail_favourite_brand_id"), lotus, "butter has none")
        self.assertFalse(stranger.retail_favourite_brand_id)
