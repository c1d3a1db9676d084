from unittest.mock import patch

from odoo.addons.queue_job.tests.common import JobMixin
from odoo.tests import tagged

from ..models.retail_import_target_order import RetailImportTargetOrder
from .common import IntakeCase


@tagged("post_install", "-at_install")
class TestIntakeJobs(IntakeCase, JobMixin):
    def _started(self, rows):
        run = (
            self.env["retail.import.run"]
            .with_user(self.clerk)
            .create({"profile_id": self.source.profile_id.id, "file": self._csv(rows)})
        )
        with self.trap_jobs() as trap:
            run.action_start()
            self.assertEqual(run.state, "queued")
            self.assertFalse(self._orders())
            trap.assert_jobs_count(1)
            while trap.enqueued_jobs:  # reading the file makes the jobs of its parts
                trap.perform_enqueued_jobs()
        return run

    def test_orders_come_in_by_jobs(self):
        run = self._started([self._row("A1"), self._row("A2")])
        self.assertEqual(len(self._orders()), 2)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.progress, 100)

    def test_an_order_is_never_cut_over_two_jobs(self):
        rows = [self._row(number) for number in ("A1", "A2", "A1", "A3", "A2", "A1")]
        with patch.object(RetailImportTargetOrder, "_import_batch_size", 2):
            run = self._started(rows)
        for own in run.row_ids.grouped("key").values():
            self.assertEqual(len(set(own.mapped("batch"))), 1)
        self.assertGreater(len(set(run.row_ids.mapped("batch"))), 1)
        self.assertEqual([len(order.order_line) for order in self._orders()], [3, 2, 1])
