from collections import defaultdict

from odoo import models

# Field of the file -> field of the product, where the text is taken as it is.
TEXTS = {
    "name": "name",
    "number": "default_code",
    "barcode": "barcode",
    "mnemonic": "retail_mnemonic",
    "model": "retail_model",
    "material": "retail_material",
    "size": "retail_size",
    "usage": "retail_usage",
    "description": "description_sale",
}
NUMBERS = {"price": "list_price", "cost": "standard_price"}
BOOLEANS = {"for_sale": "sale_ok", "stored": "is_storable"}
# What is compared of products that are there, read at once for a batch.
VARIANT_COLUMNS = ["default_code", "barcode", "product_tmpl_id", "active", "standard_price"]
TEMPLATE_COLUMNS = [
    "name", "retail_mnemonic", "retail_model", "retail_material", "retail_size", "retail_usage",
    "description_sale", "list_price", "sale_ok", "is_storable", "categ_id", "product_brand_id",
    "company_id",
]  # fmt: skip
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class RetailImportTargetProduct(models.AbstractModel):
    """Products, made or brought up to date: found by number, else by barcode.

    New products of a batch are made together, changed ones are written one by one, unchanged
    ones not at all. Empty cells leave what the product has. Categories ("A / B") and brands that
    are new are made. Names and texts are those of the language of the user who imports.
    """

    _name = "retail.import.target.product"
    _inherit = "retail.import.target"
    _description = "Import of Products"

    def _import_fields(self):
        _ = self.env._
        texts = {
            "number": (
                _("Number"),
                ["Product Code", "Internal Reference", "SKU", "Code", "商品编码", "商品編碼"]
                + ["货号", "貨號", "编号", "編號"],
            ),
            "barcode": (_("Barcode"), ["EAN", "UPC", "条码", "條碼", "条形码", "國際條碼"]),
            "name": (
                _("Name"),
                ["Product", "Product Name", "商品名称", "商品名稱", "名称", "品名"],
            ),
            "mnemonic": (_("Mnemonic Code"), ["Mnemonic", "助记码", "助記碼", "拼音码"]),
            "category": (_("Category"), ["Product Category", "分类", "分類", "类别", "商品分类"]),
            "brand": (_("Brand"), ["品牌"]),
            "model": (_("Model Number"), ["Model", "Type", "型号", "型號"]),
            "description": (_("Description"), ["Sales Description", "描述", "商品描述", "说明"]),
            "material": (_("Material"), ["材质", "材質"]),
            "size": (_("Size"), ["Measures", "尺寸", "规格", "規格"]),
            "usage": (_("Use and Care"), ["Usage", "使用说明", "使用說明", "用途"]),
        }
        numbers = {
            "price": (_("Price"), ["Sales Price", "List Price", "售价", "售價", "零售价", "价格"]),
            "cost": (_("Cost"), ["Purchase Price", "成本", "进价", "進價"]),
        }
        booleans = {
            "for_sale": (_("For Sale"), ["Can be Sold", "可售", "可销售"]),
            "stored": (_("Kept in Stock"), ["Track Inventory", "管库存", "管庫存"]),
        }
        specs = {
            name: {"label": label, "type": kind, "aliases": aliases}
            for kind, group in (("char", texts), ("float", numbers), ("boolean", booleans))
            for name, (label, aliases) in group.items()
        }
        specs["name"]["required"] = True
        return specs

    def _import_key(self, values):
        for name in ("number", "barcode"):
            if values.get(name):
                return f"{name}:{values[name]}"
        return None

    def _import_batch(self, run, rows):
        cells_by_row = {row: row.values for row in rows}  # reading a Json field copies it
        found = self._find_records(run, cells_by_row.values())
        results, new, changed = {}, {}, {}
        for row, cells in cells_by_row.items():
            product, problem = self._find_product(cells, found)
            if problem:
                results[row] = ("error", problem, False)
                continue
            values = self._wanted_values(cells, found)
            if not product:
                new[row] = values
                continue
            values = {name: value for name, value in values.items() if product[name] != value}
            if values:
                changed[row] = (product, values)
            else:
                results[row] = ("unchanged", "", product)
        results.update(self._write_changed(changed))
        results.update(self._make_new(run, new))
        return results

    # === FINDING RECORDS === #

    def _find_records(self, run, rows):
        """Return what the texts of all rows name; a few queries for the whole batch."""
        texts = defaultdict(set)
        for cells in rows:
            for name in ("number", "barcode", "category", "brand"):
                if cells.get(name):
                    texts[name].add(cells[name])
        # The right to import is the run's; who has it need not change products by hand.
        products = self.env["product.product"].sudo().with_context(active_test=False, **QUIET)
        products = products.with_company(run.company_id).search_fetch(
            [
                "|",
                ("default_code", "in", list(texts["number"])),
                ("barcode", "in", list(texts["barcode"])),
                ("company_id", "in", (False, run.company_id.id)),
            ],
            VARIANT_COLUMNS,
            order="active, id desc",  # of two of one number the active, older one is meant
        )
        products.product_tmpl_id.fetch(TEMPLATE_COLUMNS)
        return {
            "number": {product.default_code: product for product in products},
            "barcode": {product.barcode: product for product in products},
            "category": self._categories(texts["category"]),
            "brand": self._brands(texts["brand"]),
            "currency": run.company_id.currency_id,
        }

    def _categories(self, paths):
        """Return {path: category}; what is missing on the way is made."""
        categories = self.env["product.category"].sudo()  # as above
        known = {}
        if paths:
            for category in categories.search([], order="id desc"):
                known[_path(category.complete_name)] = category
        found = {}
        for path in sorted(paths):
            names = _names(path)
            parent = categories
            for depth, name in enumerate(names, start=1):
                key = tuple(part.casefold() for part in names[:depth])
                if key not in known:
                    known[key] = categories.create({"name": name, "parent_id": parent.id})
                parent = known[key]
            found[path] = parent
        return found

    def _brands(self, names):
        brands = self.env["product.brand"].sudo()  # as above
        known = {}
        if names:
            known = {brand.name.strip().casefold(): brand for brand in brands.search([])}
        for name in sorted(names):
            if name.casefold() not in known:
                known[name.casefold()] = brands.create({"name": name})
        return {name: known[name.casefold()] for name in names}

    def _find_product(self, cells, found):
        """Return (product, empty for a new one; why the row can't be imported, or nothing)."""
        _ = self.env._
        number, barcode = cells.get("number"), cells.get("barcode")
        product = self.env["product.product"]
        if not number and not barcode:
            return product, _("The row needs a number or a barcode.")
        by_barcode = found["barcode"].get(barcode, product) if barcode else product
        product = found["number"].get(number, product) if number else by_barcode
        if by_barcode and by_barcode != product:
            if product or by_barcode.default_code:
                return product, _(
                    "Barcode %(barcode)s belongs to %(product)s.",
                    barcode=barcode,
                    product=by_barcode.display_name,
                )
            product = by_barcode  # it gets its number now
        if cells.get("price", 0) < 0 or cells.get("cost", 0) < 0:
            return product, _("A price can't be less than 0.")
        return product, ""

    # === ROWS === #

    def _wanted_values(self, cells, found):
        """Return {field of the product: value} of what a row says."""
        values = {field: cells[name] for name, field in TEXTS.items() if cells.get(name)}
        values.update({field: cells[name] for name, field in BOOLEANS.items() if name in cells})
        values.update({field: cells[name] for name, field in NUMBERS.items() if name in cells})
        if "list_price" in values:
            values["list_price"] = found["currency"].round(values["list_price"])
        if "retail_mnemonic" in values:
            values["retail_mnemonic"] = values["retail_mnemonic"].upper()
        if cells.get("category"):
            values["categ_id"] = found["category"][cells["category"]]
        if cells.get("brand"):
            values["product_brand_id"] = found["brand"][cells["brand"]]
        return values

    def _write_changed(self, changed):
        results = {}
        for row, (product, values) in changed.items():
            product.write(_ids(values))
            results[row] = ("done", "", product)
        return results

    def _make_new(self, run, new):
        """Make the products of a batch together; return the results of their rows."""
        products = self.env["product.product"].sudo()  # see _find_records
        products = products.with_company(run.company_id).with_context(retail_number=True, **QUIET)
        made = products._retail_create_batch(
            [{"is_storable": True, **_ids(values)} for values in new.values()]
        )
        return {row: ("done", "", product) for row, product in zip(new, made, strict=True)}


def _names(path):
    """Return the names of a category's path, "A / B" or "A/B"."""
    return [name for name in map(str.strip, path.split("/")) if name]


def _path(complete_name):
    return tuple(name.casefold() for name in _names(complete_name or ""))


def _ids(values):
    """Return values as ``write`` takes them."""
    return {
        name: value.id if isinstance(value, models.BaseModel) else value
        for name, value in values.items()
    }
