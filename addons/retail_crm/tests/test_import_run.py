import base64
import io
from contextlib import contextmanager

import openpyxl
import psycopg2

from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..crm_engine.tables import read_table
from .common import RetailCase

HEADER = "Receipt,Line,Date,Store,Member,Product,Quantity,Discount,Amount,Kind"


@tagged("post_install", "-at_install")
class ImportCase(RetailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store.code = "TS1"
        cls.profile = cls.env["retail.import.profile"].create(
            {"name": "Old Till", "target": "history", "company_id": cls.company.id}
        )
        cls.runs = cls.env["retail.import.run"]

    def _line(self, number=1, **values):
        """Return a line of a history file; the number makes the receipt."""
        row = {
            "Receipt": f"T{number:05}",
            "Line": "1",
            "Date": "2025-03-10 04:30:00",
            "Store": "TS1",
            "Member": "T-M0001",
            "Product": "T-Apple",
            "Quantity": "2",
            "Discount": "1.00",
            "Amount": "19.00",
            "Kind": "Sale",
            **values,
        }
        return ",".join(row[name] for name in HEADER.split(","))

    def _csv(self, *lines, header=HEADER):
        return "\n".join([header, *lines]).encode()

    def _new_run(self, content, name="history.csv", **values):
        return self.runs.create(
            {
                "profile_id": self.profile.id,
                "file": base64.b64encode(content),
                "file_name": name,
                "company_id": self.company.id,
                **values,
            }
        )

    def _import(self, content, dry_run=False, **values):
        run = self._new_run(content, **values)
        run._run_now(dry_run=dry_run)
        return run

    def _sold(self):
        return self.env["retail.sale.fact"].search(
            [("source_model", "=", "retail.import.history"), ("company_id", "=", self.company.id)],
            order="document, source_line",
        )

    def _counts(self, run):
        run.invalidate_recordset()
        return (run.total_count, run.done_count, run.unchanged_count, run.error_count)

    @contextmanager
    def _failing_target(self, fail):
        """Let the history target call ``fail(rows)`` before each batch."""
        target = type(self.env["retail.import.target.history"])
        original = target._import_batch

        def _import_batch(self, run, rows):
            fail(rows)
            return original(self, run, rows)

        target._import_batch = _import_batch
        try:
            yield
        finally:
            target._import_batch = original


class TestImportRun(ImportCase):
    """The importer kit: bad files, trial runs, batches, errors, jobs."""

    def _jobs_of(self, trap):
        return [job.method_name for job in trap.enqueued_jobs]

    def test_bad_files_are_refused_with_what_to_do(self):
        cases = {
            "empty": (b"", "empty"),
            "only a header": (HEADER.encode(), "empty"),
            "html": (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
            "no header": (b"1,2,3\n4,5,6\n", "not column names: 1, 2, 3"),
            "twice": (b"Receipt,Line,Receipt\n1,2,3\n", "called Receipt"),
            "encoding": ("Straße;Größe\nMüller;3\n".encode("cp1252"), "encoding"),
            "damaged": (b"PK\x03\x04nothing", "damaged"),
            "picture": (b"\x89PNG\x00\x00", "no table"),
            "columns": (b"Receipt,Line,Whatever\nT1,1,x\n", "no column for: Date, Store, Product"),
        }
        for name, (content, words) in cases.items():
            with self.subTest(name):
                run = self._import(content or b" ")
                self.assertEqual(run.state, "failed")
                self.assertIn(words, run.message)
                self.assertFalse(run.row_ids)
        self.assertFalse(self._sold())

    def test_failed_file_can_be_replaced(self):
        run = self._import(b"nothing,here\n")
        self.assertEqual(run.state, "failed")
        run.file = base64.b64encode(self._csv(self._line()))
        run._run_now()
        self.assertEqual((run.state, run.message), ("done", False))
        self.assertEqual(len(self._sold()), 1)

    def test_rows_with_errors_are_told_and_the_others_come_in(self):
        run = self._import(
            self._csv(
                self._line(1),
                self._line(2, Product="T-Nothing"),
                self._line(3, Quantity="many"),
                "",
                self._line(4, Date="32.1.2025"),
                self._line(5, Receipt=""),
                self._line(1, Amount="5"),
                self._line(6),
            )
        )
        self.assertEqual(self._counts(run), (7, 2, 0, 5))
        self.assertEqual(run.state, "done")
        errors = {row.line_number: row.message for row in run.row_ids if row.state == "error"}
        self.assertEqual(list(errors), [3, 4, 6, 7, 8])
        self.assertIn("T-Nothing", errors[3])
        self.assertIn("“many” is no number", errors[4])
        self.assertIn("32.1.2025", errors[6])
        self.assertEqual(errors[7], "Receipt is empty.")
        self.assertEqual(errors[8], "The same row stands on line 2.")
        self.assertEqual(len(self._sold()), 2)

    def test_errors_come_back_as_a_workbook_that_can_be_mended(self):
        run = self._import(self._csv(self._line(1), self._line(2, Product="=T-Nothing")))
        self.assertEqual(self._counts(run), (2, 1, 0, 1))
        action = run.action_download_errors()
        self.assertIn("history errors.xlsx", action["url"])
        table = read_table(base64.b64decode(run.error_file))
        self.assertEqual(table.header[:10], HEADER.split(","))
        self.assertEqual(len(table.rows), 1)
        row = table.rows[0][1]
        self.assertEqual(row[0], "T00002")
        self.assertEqual(row[5], "=T-Nothing", "text stays text, also when it starts with =")
        self.assertEqual(row[-2], 3)
        self.assertIn("T-Nothing", row[-1])
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(run.error_file)))
        book.active.cell(row=2, column=6).value = "T-Pear"
        stream = io.BytesIO()
        book.save(stream)
        again = self._import(stream.getvalue())
        self.assertEqual(self._counts(again), (1, 1, 0, 0))

    def test_second_run_changes_nothing(self):
        content = self._csv(*[self._line(n) for n in range(20)])
        self.assertEqual(self._counts(self._import(content)), (20, 20, 0, 0))
        before = self._sold().mapped("write_date")
        self.assertEqual(self._counts(self._import(content)), (20, 0, 20, 0))
        self.assertEqual(self._sold().mapped("write_date"), before)
        changed = self._csv(*[self._line(n) for n in range(19)], self._line(19, Amount="17"))
        self.assertEqual(self._counts(self._import(changed)), (20, 1, 19, 0))

    def test_trial_run_keeps_nothing(self):
        run = self._import(self._csv(self._line(1), self._line(2, Store="X")), dry_run=True)
        self.assertEqual(self._counts(run), (2, 1, 0, 1))
        self.assertEqual(run.state, "done")
        self.assertFalse(self._sold())
        run._run_now()
        self.assertFalse(run.dry_run)
        self.assertEqual(len(self._sold()), 1)

    def test_row_that_raises_is_set_apart(self):
        """Whatever a row does, the other rows of its batch come in."""

        def fail(rows):
            if any(row.key == "TS1/T00007/1" for row in rows):
                raise ValidationError(self.env._("Seven is not allowed."))

        with self._failing_target(fail):
            run = self._import(self._csv(*[self._line(n) for n in range(10)]))
        self.assertEqual(self._counts(run), (10, 9, 0, 1))
        bad = run.row_ids.filtered(lambda row: row.state == "error")
        self.assertEqual((bad.line_number, bad.message), (9, "Seven is not allowed."))
        self.assertEqual(len(self._sold()), 9)

    def test_conflict_is_left_to_the_job(self):
        """A conflict with another transaction makes no row an error: the job is tried again."""

        def fail(_rows):
            raise psycopg2.OperationalError("could not serialize access")

        run = self._new_run(self._csv(self._line()))
        run._prepare_start(False)
        run._stage_or_fail()
        with self._failing_target(fail), self.assertRaises(psycopg2.OperationalError):
            run._job_batch(1)

    def test_jobs(self):
        target = type(self.env["retail.import.target.history"])
        size, target._import_batch_size = target._import_batch_size, 2
        self.addCleanup(setattr, target, "_import_batch_size", size)
        run = self._new_run(self._csv(*[self._line(n) for n in range(5)]))
        with trap_jobs() as trap:
            run.action_start()
            self.assertEqual(run.state, "queued")
            self.assertEqual(self._jobs_of(trap), ["_job_stage"])
            trap.perform_enqueued_jobs()
        run.invalidate_recordset()
        self.assertEqual(run.state, "running")
        with trap_jobs() as trap:
            run._delay_batches(run._waiting_batches())
            self.assertEqual(sorted(self._jobs_of(trap)), ["_job_batch"] * 3 + ["_job_finish"])
        run._job_batch(1)
        self.assertEqual(self._counts(run), (5, 2, 0, 0))
        self.assertEqual(round(run.progress), 40)
        run._job_finish()
        self.assertEqual(run.state, "running", "rows still wait")
        run._job_batch(2)
        run._job_batch(2)
        run._job_batch(3)
        run._job_finish()
        self.assertEqual(run.state, "done")
        self.assertEqual(self._counts(run), (5, 5, 0, 0))

    def test_killed_worker_leaves_whole_batches(self):
        """What a dead job had done is rolled back with it; the job goes on with all its rows."""
        target = type(self.env["retail.import.target.history"])
        size, target._import_batch_size = target._import_batch_size, 3
        self.addCleanup(setattr, target, "_import_batch_size", size)
        run = self._new_run(self._csv(*[self._line(n) for n in range(6)]))
        run._prepare_start(False)
        run._stage_or_fail()
        run._job_batch(1)
        savepoint = self.env.cr.savepoint(flush=False)
        run._job_batch(2)
        self.assertEqual(len(self._sold()), 6)
        savepoint.rollback()
        savepoint.close(rollback=False)
        self.env.invalidate_all()
        self.assertEqual(len(self._sold()), 3)
        with trap_jobs() as trap:
            run.action_resume()
            self.assertEqual(sorted(self._jobs_of(trap)), ["_job_batch", "_job_finish"])
            batches = [job.args for job in trap.enqueued_jobs if job.args]
            self.assertEqual(batches, [(2,)], "only what waits is tried again")
        run._job_batch(2)
        run._job_finish()
        self.assertEqual((run.state, len(self._sold())), ("done", 6))

    def test_stop_and_resume(self):
        run = self._new_run(self._csv(self._line()))
        run._prepare_start(False)
        run._stage_or_fail()
        run.action_stop()
        self.assertEqual(run.state, "failed")
        run._job_batch(1)
        run._job_finish()
        self.assertFalse(self._sold())
        self.assertEqual(run.state, "failed")
        with trap_jobs():
            run.action_resume()
        run._job_batch(1)
        run._job_finish()
        self.assertEqual((run.state, len(self._sold())), ("done", 1))

    def test_start_twice_is_refused(self):
        run = self._new_run(self._csv(self._line()))
        with trap_jobs():
            run.action_start()
            with self.assertRaises(UserError):
                run.action_start()
            with self.assertRaises(UserError):
                run.unlink()

    def test_many_rows_come_in_batches(self):
        lines = [self._line(1 + n // 10, Line=str(n % 10)) for n in range(10_001)]
        run = self._import(self._csv(*lines))
        self.assertEqual(self._counts(run), (10_001, 10_001, 0, 0))
        self.assertEqual(max(run.row_ids.mapped("batch")), 3)

    def test_columns_called_otherwise(self):
        self.profile.mapping_ids = [
            (0, 0, {"header": "Bon", "field_name": "receipt"}),
            (0, 0, {"header": "Discount", "field_name": False}),
        ]
        header = HEADER.replace("Receipt", "Bon")
        run = self._import(self._csv(self._line(), header=header))
        self.assertEqual(self._counts(run), (1, 1, 0, 0))
        self.assertIn("Bon: Receipt", run.column_report)
        self.assertIn("Discount: left out", run.column_report)
        self.assertEqual(self._sold().discount_amount, 0.0)

    def test_chinese_columns(self):
        header = "小票号,行号,日期,门店,会员,商品,数量,折扣,金额,类型"
        content = self._csv(self._line(Kind="销售"), header=header).decode().encode("gb18030")
        self.assertEqual(self._counts(self._import(content)), (1, 1, 0, 0))

    def test_mapping_of_something_unknown(self):
        with self.assertRaises(ValidationError):
            self.profile.mapping_ids = [(0, 0, {"header": "Bon", "field_name": "nonsense"})]

    def test_rows_are_cleared_in_time(self):
        run = self._import(self._csv(self._line(1), self._line(2, Store="X")))
        run.finished_at = "2020-01-01"
        self.runs._gc_rows()
        self.env.invalidate_all()
        self.assertEqual(run.row_ids.mapped("state"), ["error"])

    # === WHO === #

    def _user(self, *groups):
        return new_test_user(
            self.env,
            login="import_" + "_".join(groups),
            groups=",".join(f"retail_crm.group_{name}" for name in groups),
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_who_may_import(self):
        content = base64.b64encode(self._csv(self._line()))
        values = {"profile_id": self.profile.id, "file": content, "file_name": "a.csv"}
        admin = self._user("retail_admin")
        run = self.runs.with_user(admin).create(values)
        run._run_now()
        self.assertEqual((run.state, run.done_count), ("done", 1))
        run.action_download_errors()
        clerk = self._user("order_clerk")
        other = self.runs.with_user(clerk).create(values)
        with self.assertRaises(AccessError):
            other.action_start()
        with self.assertRaises(AccessError):
            other._run_now()
        profiles = self.env["retail.import.profile"]
        runnable = [("can_run", "=", True), ("target", "=", "history")]
        self.assertTrue(profiles.with_user(admin).search(runnable))
        self.assertFalse(profiles.with_user(clerk).search(runnable))
        self.assertFalse(self.profile.with_user(clerk).can_run)
        for role in ("guide", "cashier", "service", "promotion", "store_manager", "accountant"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.runs.with_user(self._user(role)).create(values)

    def test_rows_are_not_edited(self):
        run = self._import(self._csv(self._line()))
        row = run.row_ids.with_user(self._user("retail_admin"))
        self.assertEqual(row.state, "done")
        with self.assertRaises(AccessError):
            row.write({"state": "new"})

    def test_other_company_sees_nothing(self):
        run = self._import(self._csv(self._line()))
        user = new_test_user(
            self.env,
            login="import_other",
            groups="retail_crm.group_retail_admin",
            company_id=self.company_two.id,
            company_ids=[(6, 0, self.company_two.ids)],
        )
        self.assertFalse(self.runs.with_user(user).search([("id", "=", run.id)]))
        rows = self.env["retail.import.row"].with_user(user)
        self.assertFalse(rows.search([("run_id", "=", run.id)]))
        with self.assertRaises(AccessError):
            run.with_user(user).read(["name"])
