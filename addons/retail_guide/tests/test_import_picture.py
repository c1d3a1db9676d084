import base64
import io
import zipfile
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import retail_import_target_product_image as target
from .common import GuideCase


@tagged("post_install", "-at_install")
class TestImportPicture(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env.ref("retail_guide.import_profile_product_image")
        cls.dress = cls._product("Dress", default_code="PIC-1", barcode="6901111111116")
        cls.shirt = cls._product("Shirt", barcode="6902222222225")

    def _picture(self, colour="red", size=(700, 800), kind="PNG"):
        stream = io.BytesIO()
        Image.new("RGB", size, colour).save(stream, kind)
        return stream.getvalue()

    def _zip(self, files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return stream.getvalue()

    def _import(self, files, dry_run=False, user=None):
        content = self._zip(files) if isinstance(files, dict) else files
        values = {
            "profile_id": self.profile.id,
            "company_id": self.company.id,
            "file": base64.b64encode(content),
            "file_name": "pictures.zip",
        }
        run = self.env["retail.import.run"].with_user(user or self.env.user).create(values)
        run._run_now(dry_run=dry_run)
        run.invalidate_recordset()
        return run

    def _assert_counts(self, run, total, done=0, unchanged=0, error=0):
        counts = (run.total_count, run.done_count, run.unchanged_count, run.error_count)
        self.assertEqual(counts, (total, done, unchanged, error), self._messages(run))

    def _messages(self, run):
        return {row.values["file"]: row.message for row in run.row_ids}

    def test_by_number_by_barcode_and_both_sides(self):
        run = self._import(
            {
                "summer/PIC-1.png": self._picture("red"),
                "summer/PIC-1_背面.jpg": self._picture("blue", kind="JPEG"),
                "6902222222225.gif": self._picture("green", kind="GIF"),
                "__MACOSX/._PIC-1.png": b"clutter",
            }
        )
        self._assert_counts(run, 3, done=3)
        self.assertEqual(base64.b64decode(self.dress.image_1920), self._picture("red"))
        self.assertTrue(self.dress.retail_image_back)
        self.assertTrue(self.dress.image_128)
        self.assertTrue(self.shirt.image_1920)
        self.assertFalse(self.shirt.retail_image_back)

    def test_again_changes_nothing(self):
        files = {
            "PIC-1.jpg": self._picture("red", (3000, 2000), "JPEG"),
            "PIC-1_back.png": self._picture("blue"),
            "6902222222225.bmp": self._picture("green", (2500, 900), "BMP"),
        }
        self._assert_counts(self._import(files), 3, done=3)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.dress.product_tmpl_id.write_date
        self._assert_counts(self._import(files), 3, unchanged=3)
        self.assertEqual(self.dress.product_tmpl_id.write_date, before)

    def test_a_dry_run_leaves_nothing(self):
        run = self._import({"PIC-1.png": self._picture()}, dry_run=True)
        self._assert_counts(run, 1, done=1)
        self.assertFalse(self.dress.image_1920)

    def test_bad_files_are_told_and_the_others_come_in(self):
        run = self._import(
            {
                "PIC-1.png": self._picture(),
                "6901111111116.png": self._picture("blue"),
                "NOBODY.png": self._picture(),
                "PIC-1.pdf": b"%PDF",
                "6902222222225.png": b"<svg onload='alert(1)'/>",
                "6902222222225_back.png": b"\x89PNG\r\n\x1a\n and no more",
                "nested.zip": self._zip({"PIC-1.png": self._picture()}),
            }
        )
        self._assert_counts(run, 7, done=1, error=6)
        messages = self._messages(run)
        self.assertIn("line 1", messages["6901111111116.png"], "number and barcode are one product")
        self.assertIn("NOBODY", messages["NOBODY.png"])
        self.assertIn("no picture", messages["PIC-1.pdf"])
        self.assertIn("no picture", messages["nested.zip"])
        self.assertIn("damaged", messages["6902222222225.png"])
        self.assertIn("damaged", messages["6902222222225_back.png"])
        self.assertTrue(self.dress.image_1920)
        self.assertFalse(self.shirt.image_1920)
        self.assertTrue(run.action_download_errors()["url"])

    def test_small_pictures_come_in_with_a_note(self):
        run = self._import({"PIC-1.png": self._picture(size=(30, 20))})
        self._assert_counts(run, 1, done=1)
        self.assertIn("30 x 20", run.row_ids.message)

    def test_a_number_that_looks_like_an_ending_is_a_number(self):
        other = self._product("Ending", default_code="PIC-1_2")
        self._assert_counts(self._import({"PIC-1_2.png": self._picture()}), 1, done=1)
        self.assertTrue(other.image_1920)
        self.assertFalse(self.dress.retail_image_back)

    def test_a_new_picture_is_reviewed_again(self):
        template = self.dress.product_tmpl_id
        template.sudo()._write({"retail_review_state": "approved"})
        template.invalidate_recordset()
        self._import({"PIC-1.png": self._picture()})
        self.assertEqual(template.retail_review_state, "draft")

    def test_products_of_other_companies_are_left_alone(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        theirs = self._product("Theirs", default_code="PIC-9", company_id=other.id)
        self._assert_counts(self._import({"PIC-9.png": self._picture()}), 1, error=1)
        self.assertFalse(theirs.image_1920)

    def test_archives_that_cannot_be_used(self):
        for content, told in (
            (b"no zip", "no zip archive"),
            (self._zip({}), "no files"),
            (self._zip({"a/": b"", "Thumbs.db": b"x"}), "no files"),
            (self._zip({"PIC-1.png": self._picture()})[:-30], "no zip archive"),
        ):
            run = self._import(content)
            self.assertEqual(run.state, "failed")
            self.assertIn(told, run.message)

    def test_bombs(self):
        """Small files that would unpack to something huge, also ones that lie about it."""
        zeros = self._zip({"PIC-1.png": bytes(3 * 1024**2)})
        lying = bytearray(self._zip({"PIC-1.png": bytes(3 * 1024**2)}))
        for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
            place = lying.index(mark) + offset
            lying[place : place + 4] = (1000).to_bytes(4, "little")
        with patch.object(target, "MAX_PICTURE_BYTES", 1024**2):
            for content, told in ((zeros, "larger than 1 MB"), (bytes(lying), "damaged")):
                run = self._import(content)
                self._assert_counts(run, 1, error=1)
                self.assertIn(told, run.row_ids.message)
        with patch.object(target, "MAX_UNPACKED_BYTES", 1024**2):
            self.assertIn("Unpacked", self._import(zeros).message)
        with patch.object(target, "MAX_PICTURES", 1):
            run = self._import({f"{number}.png": b"x" for number in range(2)})
            self.assertIn("2 files", run.message)
        points = self._picture(size=(8000, 7000))
        run = self._import({"PIC-1.png": points})
        self.assertIn("million points", run.row_ids.message)

    def test_protected_files(self):
        content = bytearray(self._zip({"PIC-1.png": self._picture()}))
        for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
            content[content.index(mark) + offset] |= 1
        self.assertIn("password", self._import(bytes(content)).row_ids.message)

    @mute_logger("odoo.addons.retail_crm.models.retail_import_run")
    def test_who_may_import(self):
        user = self._user("picture_guide", "retail_crm.group_guide")
        with self.assertRaises(AccessError):
            self._import({"PIC-1.png": self._picture()}, user=user)
