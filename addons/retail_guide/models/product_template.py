import base64
import binascii
import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.retail_crm.crm_engine.name_index import name_index, usual_initials
from odoo.exceptions import UserError
from odoo.tools.image import ImageProcess
from odoo.tools.sql import create_index

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
MAX_MNEMONIC = 16  # letters
MIN_PIXELS = 600  # of the shorter side


class ProductTemplate(models.Model):
    _inherit = "product.template"

    retail_mnemonic = fields.Char(
        string="Mnemonic Code",
        compute="_compute_retail_mnemonic",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="Letters to find the product by: the initials of its name in pinyin, unless you"
        " write others. Other readings of the name find it as well.",
    )
    retail_name_index = fields.Char(
        string="Letters of the Name",
        compute="_compute_retail_name_index",
        store=True,
        help="Initials in all readings and pinyin of the names in all languages.",
    )

    # Its own addon has no Chinese label for it.
    product_brand_id = fields.Many2one(string="Brand")
    retail_model = fields.Char(string="Model Number", help="The maker's own name or number of it.")
    retail_material = fields.Char(string="Material", translate=True)
    retail_size = fields.Char(string="Size", translate=True, help="Measures, or sizes it comes in.")
    retail_usage = fields.Text(
        string="Use and Care", translate=True, help="What a customer should know to use it well."
    )
    retail_image_back = fields.Image(
        string="Back Picture",
        max_width=1920,
        max_height=1920,
        help="The picture of its other side.",
    )

    retail_stock_qty = fields.Float(
        string="Stock of My Store",
        digits="Product Unit",
        compute="_compute_retail_stock_qty",
        inverse="_inverse_retail_stock_qty",
        help="What lies at the main place of your store. Another number makes a stock adjustment.",
    )

    def init(self):
        """Index the letters, as searches compare them, where PostgreSQL can."""
        if self.env.registry.has_trigram:
            create_index(
                self.env.cr,
                indexname="product_template_retail_name_index_letters_idx",
                tablename=self._table,
                method="gin",
                expressions=["retail_name_index gin_trgm_ops"],
            )
        return super().init()

    # === COMPUTE METHODS === #

    @api.depends("name")
    def _compute_retail_mnemonic(self):
        """Fill what is empty; a code that somebody wrote stays."""
        for template in self.filtered(lambda template: not template.retail_mnemonic):
            template.retail_mnemonic = template._retail_default_mnemonic()

    @api.depends("name", "retail_mnemonic")
    def _compute_retail_name_index(self):
        for template in self:
            names = template._retail_names()
            # "Linen Dress 长裙" is found as a whole, and by its Chinese part.
            parts = names + [part for name in names for part in HAN.findall(name)]
            words = [word for part in parts for word in name_index(part).split()]
            words.append((template.retail_mnemonic or "").lower())
            template.retail_name_index = "".join(
                f" {word}" for word in dict.fromkeys(filter(None, words))
            )

    def _retail_names(self):
        """Return the names in all languages, those in Han characters first."""
        self.ensure_one()
        if not self._origin:
            return [self.name or ""]
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = [self.with_context(lang=code).name or "" for code in languages]
        return sorted(dict.fromkeys(names), key=lambda name: not HAN.search(name))

    def _retail_default_mnemonic(self):
        return usual_initials(self._retail_names()[0])[:MAX_MNEMONIC].upper() or False

    @api.depends("product_variant_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_retail_stock_qty(self):
        held = self._retail_held()
        for template in self:
            template.retail_stock_qty = held.get(template._origin, 0.0)

    def _retail_held(self):
        """Return {template: what lies at the main place of the user's store}."""
        products = self.product_variant_ids
        place = products._retail_asking_store().lot_stock_id
        groups = self.env["stock.quant"]._read_group(
            [("product_id", "in", products.ids), ("location_id", "=", place.id)],
            ["product_id"],
            ["quantity:sum"],
        )
        held = defaultdict(float)
        for product, quantity in groups:
            held[product.product_tmpl_id] += quantity
        return held

    def _inverse_retail_stock_qty(self):
        """Adjust the stock to what was typed; see ``create`` for new products."""
        for template in self.filtered("product_variant_ids"):
            template._retail_set_stock(template.retail_stock_qty)

    @api.onchange("image_1920", "retail_image_back")
    def _onchange_retail_images(self):
        """Warn of a picture on which nobody sees anything."""
        for name in ("image_1920", "retail_image_back"):
            size = _image_size(self[name])
            if size and min(size) < MIN_PIXELS:
                return {
                    "warning": {
                        "title": self.env._("A small picture"),
                        "message": self.env._(
                            "The picture has %(width)s x %(height)s points. Below %(least)s it"
                            " looks blurred: choose a larger one.",
                            width=size[0],
                            height=size[1],
                            least=MIN_PIXELS,
                        ),
                    }
                }
        return None

    # === BUSINESS METHODS === #

    def action_retail_number(self):
        """Give the next numbers to the variants that have none."""
        self.product_variant_ids.action_retail_number()

    def _retail_set_stock(self, quantity):
        """Make and apply the adjustment after which the user's store holds so much."""
        self.ensure_one()
        product = self.product_variant_id
        store = product._retail_asking_store()
        # The field itself holds what was typed until it is saved.
        change = quantity - self._retail_held()[self]
        if self.uom_id.is_zero(change):
            return
        if len(self.product_variant_ids) != 1 or not self.is_storable:
            raise UserError(
                self.env._("Adjust the stock of %(name)s by a document.", name=self.name)
            )
        if not store:
            raise UserError(self.env._("You have no store: ask to be added to its staff."))
        adjustment = self.env["retail.stock.adjustment"].create(
            {
                "direction": "in" if change > 0 else "out",
                "reason": "correction",
                "store_id": store.id,
                "company_id": store.company_id.id,
                "line_ids": [
                    fields.Command.create({"product_id": product.id, "quantity": abs(change)})
                ],
            }
        )
        adjustment.action_apply()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number the variants once the numbers that were given stand on them, then fill them."""
        vals_list = [self._retail_upper_mnemonic(values) for values in vals_list]
        unnumbered = super(ProductTemplate, self.with_context(retail_number=False))
        templates = unnumbered.create(vals_list).with_env(self.env)
        if self.env.context.get("retail_number"):
            templates.action_retail_number()
        for template, values in zip(templates, vals_list, strict=True):
            if values.get("retail_stock_qty"):
                template._retail_set_stock(values["retail_stock_qty"])
        return templates

    def write(self, vals):
        """A renamed product gets the code of its new name, unless it has one of its own."""
        renamed = self.browse()
        if "name" in vals and "retail_mnemonic" not in vals:
            renamed = self.filtered(
                lambda template: template.retail_mnemonic == template._retail_default_mnemonic()
            )
        result = super().write(self._retail_upper_mnemonic(vals))
        for template in renamed:
            template.retail_mnemonic = template._retail_default_mnemonic()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_traded(self):
        """Variants go with their template without being asked themselves."""
        self.with_context(active_test=False).product_variant_ids._unlink_except_traded()

    @api.model
    def _retail_upper_mnemonic(self, values):
        if not values.get("retail_mnemonic"):
            return values
        return {**values, "retail_mnemonic": values["retail_mnemonic"].strip().upper()}


def _image_size(content):
    """Return (width, height) of an uploaded picture; None for what was there before or is none."""
    try:
        image = ImageProcess(base64.b64decode(content or b"", validate=True)).image
    except (UserError, ValueError, binascii.Error):
        return None
    return image.size if image else None
