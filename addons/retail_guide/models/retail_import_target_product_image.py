import base64
import io
import zipfile
import zlib
from contextlib import contextmanager

from PIL import Image

from odoo import models
from odoo.addons.retail_crm.crm_engine.tables import Table
from odoo.exceptions import UserError
from odoo.tools.image import IMAGE_MAX_RESOLUTION, image_process

from ..guide_engine.picture_names import BACK, FRONT, entry_name, is_clutter, read_name
from .product_template import MIN_PIXELS
from .retail_import_target_product import QUIET

MAX_PICTURES = 20_000  # in one archive
MAX_PICTURE_BYTES = 20 * 1024**2
MAX_UNPACKED_BYTES = 4 * 1024**3  # a small archive can unpack to any size
MAX_SIDE = 1920  # points, as the fields keep them
FORMATS = ("JPEG", "PNG", "GIF", "BMP")
FIELDS = {FRONT: "image_1920", BACK: "retail_image_back"}
# Of an entry in a zip archive.
FLAG_ENCRYPTED = 1
FLAG_UTF_8 = 0x800
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others can't be unpacked bit by bit


class RetailImportTargetProductImage(models.AbstractModel):
    """Pictures of products, from a zip archive: each file is called by number or barcode.

    A row stands for a file of the archive. A picture that the product has already is left alone.
    """

    _name = "retail.import.target.product_image"
    _inherit = "retail.import.target"
    _description = "Import of Product Pictures"
    _import_batch_size = 50  # a picture may unpack to some megabytes

    def _import_fields(self):
        _ = self.env._
        return {
            "file": {"label": _("File in the Archive"), "type": "char", "required": True},
            "code": {"label": _("Number or Barcode"), "type": "char"},
            "side": {"label": _("Side"), "type": "char"},
        }

    def _import_help(self):
        return self.env["ir.qweb"]._render(
            "retail_guide.import_picture_help", {"megabytes": MAX_PICTURE_BYTES // 1024**2}
        )

    def _import_key(self, values):
        if not values.get("code"):
            return None
        return f"{values['code']} {values['side']}"

    # === READING === #

    def _import_table(self, run):
        """Return one row per file: name, number or barcode of the product, side."""
        with self._archive(run) as archive:
            self._check_size(archive)
            names = {
                line: entry_name(entry.filename, bool(entry.flag_bits & FLAG_UTF_8))
                for line, entry in enumerate(archive.infolist(), start=1)
                if not entry.is_dir()
            }
        names = {line: name for line, name in names.items() if not is_clutter(name)}
        if not names:
            raise UserError(self.env._("The archive holds no files."))
        meant = {line: read_name(name) for line, name in names.items()}
        known = self._find_products(
            run, {code for name in meant.values() if name for code in (name.whole, name.code)}
        )
        header = [str(spec["label"]) for spec in self._import_fields().values()]
        rows = [(line, [name, *_product_and_side(meant[line], known)])
                for line, name in names.items()]  # fmt: skip
        return Table(header=header, rows=rows, format="zip")

    def _check_size(self, archive):
        entries = archive.infolist()
        if len(entries) > MAX_PICTURES:
            raise UserError(
                self.env._(
                    "The archive holds %(count)s files; at most %(most)s come in at once. Split"
                    " it into smaller ones.",
                    count=len(entries),
                    most=MAX_PICTURES,
                )
            )
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise UserError(
                self.env._(
                    "Unpacked, the archive would be larger than %(most)s GB. Split it into"
                    " smaller ones.",
                    most=MAX_UNPACKED_BYTES // 1024**3,
                )
            )

    @contextmanager
    def _archive(self, run):
        """Open the run's file as a zip archive; raises UserError."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(run._get_file().raw or b""))
        except (zipfile.BadZipFile, RuntimeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "The file is no zip archive, or it is damaged. Pack the pictures into a .zip"
                    " file again."
                )
            ) from error
        with archive:
            yield archive

    def _find_products(self, run, codes):
        """Return {number or barcode: product} of what the run's company sells."""
        # The right to import is the run's, see the import of products.
        products = self.env["product.product"].sudo().with_context(active_test=False, **QUIET)
        products = products.search_fetch(
            [
                "|",
                ("default_code", "in", list(codes)),
                ("barcode", "in", list(codes)),
                ("company_id", "in", (False, run.company_id.id)),
            ],
            ["default_code", "barcode", "product_tmpl_id"],
            order="active, id desc",  # of two the active, older one is meant
        )
        by_barcode = {product.barcode: product for product in products if product.barcode}
        by_number = {product.default_code: product for product in products if product.default_code}
        return by_barcode | by_number

    # === PICTURES === #

    def _import_batch(self, run, rows):
        cells_by_row = {row: row.values for row in rows}  # reading a Json field copies it
        found = self._find_products(
            run, {cells["code"] for cells in cells_by_row.values() if cells.get("code")}
        )
        with self._archive(run) as archive:
            entries = archive.infolist()
            return {
                row: self._import_picture(archive, entries[row.line_number - 1], cells, found)
                for row, cells in cells_by_row.items()
            }

    def _import_picture(self, archive, entry, cells, found):
        """Give a product its picture; return the result of the row."""
        _ = self.env._
        if not cells.get("code"):
            return ("error", _("The file is no picture: .jpg, .png, .gif or .bmp."), False)
        product = found.get(cells["code"])
        if not product:
            message = _("No product has the number or barcode %(code)s.", code=cells["code"])
            return ("error", message, False)
        try:
            picture, note = self._as_kept(self._unpack(archive, entry))
        except UserError as error:
            return ("error", str(error), False)
        field = FIELDS[cells["side"]]
        owner = product if cells["side"] == FRONT else product.product_tmpl_id
        if base64.b64decode(owner[field] or b"") == picture:
            return ("unchanged", "", product)
        owner.write({field: base64.b64encode(picture)})
        return ("done", note, product)

    def _unpack(self, archive, entry):
        """Return the bytes of a file; what it says about its size is not believed."""
        _ = self.env._
        if entry.flag_bits & FLAG_ENCRYPTED:
            raise UserError(_("The file is protected by a password. Pack it without one."))
        damaged = _("The file is damaged in the archive. Pack the archive again.")
        if entry.compress_type not in PACKINGS:
            raise UserError(damaged)
        try:
            with archive.open(entry) as stream:
                content = stream.read(MAX_PICTURE_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise UserError(damaged) from error
        if len(content) > MAX_PICTURE_BYTES:
            most = MAX_PICTURE_BYTES // 1024**2
            raise UserError(
                _("The picture is larger than %(most)s MB. Save it smaller.", most=most)
            )
        return content

    def _as_kept(self, content):
        """Return (the picture as a product keeps it, a note for people); raises UserError."""
        _ = self.env._
        try:
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height > IMAGE_MAX_RESOLUTION:
                raise Image.DecompressionBombError
            image.load()
        except Image.DecompressionBombError as error:
            most = int(IMAGE_MAX_RESOLUTION / 1e6)
            raise UserError(
                _("The picture has more than %(most)s million points. Save it smaller.", most=most)
            ) from error
        except (OSError, SyntaxError, ValueError) as error:
            raise UserError(
                _("The content of the file is no picture, or it is damaged.")
            ) from error
        note = ""
        if min(image.size) < MIN_PIXELS:
            note = _(
                "Small: %(width)s x %(height)s points, below %(least)s it looks blurred.",
                width=image.width,
                height=image.height,
                least=MIN_PIXELS,
            )
        return image_process(content, size=(MAX_SIDE, MAX_SIDE), verify_resolution=True), note


def _product_and_side(name, known):
    """Return what a file's name means: (number or barcode, side), None for both if no picture.

    A product is always called the same, so that two pictures of one side are told apart from it.
    """
    if not name:
        return None, None
    code, side = name.whole, FRONT
    if name.whole not in known and name.side:
        code, side = name.code, name.side
    product = known.get(code)
    return (product.default_code or product.barcode) if product else code, side
