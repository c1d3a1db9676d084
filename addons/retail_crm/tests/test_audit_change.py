import json

from odoo.tests import tagged

from .common_privacy import PHONE, PrivacyCase


@tagged("post_install", "-at_install")
class TestAuditChange(PrivacyCase):
    """Who changed contact data, class, store or guide of a member, with old and new."""

    def _rows(self):
        return self.env["retail.audit.log"].search(
            [("kind", "=", "change"), ("res_id", "in", (self.member + self.stranger).ids)]
        )

    def test_changes_of_members_are_filed(self):
        before = self._rows()
        everybody = (self.member + self.stranger).with_user(self.service)
        everybody.write({"street": "Huaihai Road 5", "retail_store_id": self.store_two.id})
        row = self._rows() - before
        self.assertRecordValues(row, [{"user_id": self.service.id, "res_id": self.member.id}])
        self.assertEqual(json.loads(row.old_values)["retail_store_id"], self.store.display_name)
        self.assertEqual(json.loads(row.new_values)["street"], "Huaihai Road 5")

    def test_nothing_changed_or_nothing_that_counts(self):
        before = self._rows()
        self.member.write({"phone": PHONE})
        self.member.write({"ref": "A1"})
        self.assertEqual(self._rows(), before)

    def test_many_cost_as_many_queries_as_few(self):
        members = self.env["res.partner"].create(
            [
                {"name": f"Many {i}", "is_member": True, "email": f"many{i}@example.com"}
                for i in range(80)
            ]
        )
        self.env.flush_all()
        costs = []
        for some in (members[:2], members[2:]):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some.write({"retail_guide_id": self.guide.id})
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - start)
        self.assertLess(costs[1], costs[0] + 40)
