from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models import retail_stock_place
from .common import GuideCase


class StockCase(GuideCase):
    """Three stores: ours, one near, one far; tea lies in all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.near, cls.far = (cls._store(name, code) for name, code in (("Near", "N"), ("Far", "F")))
        cls._place(cls.store, 31.2304, 121.4737)
        cls._place(cls.near, 31.2400, 121.4900)
        cls._place(cls.far, 39.9042, 116.4074)
        cls.tea = cls.products["tea"]
        cls._stock(cls.tea, 3, cls.near)
        cls._stock(cls.tea, 5, cls.far)
        cls.guide = cls._user("stock_guide", "retail_crm.group_guide")
        cls.guide.retail_store_ids = cls.store
        cls.env.flush_all()

    @classmethod
    def _store(cls, name, code):
        return cls.env["stock.warehouse"].create(
            {"name": name, "code": code, "company_id": cls.company.id, "is_store": True}
        )

    @classmethod
    def _place(cls, store, latitude, longitude):
        store.partner_id = cls.env["res.partner"].create(
            {
                "name": store.name,
                "partner_latitude": latitude,
                "partner_longitude": longitude,
            }
        )

    @classmethod
    def _location(cls, store, name, stock_type):
        return cls.env["stock.location"].create(
            {
                "name": name,
                "location_id": store.lot_stock_id.id,
                "usage": "internal",
                "retail_stock_type": stock_type,
            }
        )

    @classmethod
    def _lay(cls, location, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(product, location, quantity)

    def _answer(self, product=None, user=None, **values):
        product = (product or self.tea).with_user(user or self.guide)
        return product.retail_stock_answer(**values)


@tagged("post_install", "-at_install")
class TestStockAnswer(StockCase):
    def test_the_own_store_and_the_others_by_distance(self):
        answer = self._answer()
        self.assertEqual(answer["here"]["store_id"], self.store.id)
        self.assertEqual((answer["here"]["on_hand"], answer["here"]["free"]), (10, 10))
        self.assertEqual(
            [(store["name"], store["free"]) for store in answer["stores"]],
            [("Near", 3.0), ("Far", 5.0)],
        )
        near, far = answer["stores"]
        self.assertAlmostEqual(near["kilometres"], 1.9, delta=0.2)
        self.assertAlmostEqual(far["kilometres"], 1067, delta=5)

    def test_without_coordinates_the_own_region_comes_first(self):
        north, south = self.env["retail.region"].create([{"name": "T-North"}, {"name": "T-South"}])
        (self.store | self.near | self.far).partner_id.partner_latitude = 0
        (self.store | self.near | self.far).partner_id.partner_longitude = 0
        (self.store | self.far).retail_region_id = north
        self.near.retail_region_id = south
        self.assertEqual([store["name"] for store in self._answer()["stores"]], ["Far", "Near"])

    def test_defective_goods_are_on_hand_but_not_free(self):
        self._lay(self._location(self.store, "Broken", "defective"), self.tea, 4)
        self._lay(self._location(self.store, "Window", "display"), self.tea, 1)
        answer = self._answer()
        self.assertEqual((answer["here"]["on_hand"], answer["here"]["free"]), (15, 11))
        self.assertEqual(
            [(place["stock_type"], place["on_hand"]) for place in answer["places"]],
            [("normal", 10), ("defective", 4), ("display", 1)],
        )

    def test_a_place_inside_a_defective_place_is_defective(self):
        outer = self._location(self.store, "Broken", "defective")
        inner = self.env["stock.location"].create({"name": "Shelf 1", "location_id": outer.id})
        self.assertEqual(inner.retail_stock_type, "defective")

    def test_reserved_goods_are_not_free(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "warehouse_id": self.store.id,
                "order_line": [(0, 0, {"product_id": self.tea.id, "product_uom_qty": 4})],
            }
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        here = self._answer()["here"]
        self.assertEqual((here["on_hand"], here["free"]), (10, 6))

    def test_a_negative_stock_is_shown_as_it_is(self):
        self._stock(self.products["milk"], -13)
        here = self._answer(self.products["milk"])["here"]
        self.assertEqual((here["on_hand"], here["free"]), (-3, -3))

    def test_a_product_that_is_nowhere(self):
        nowhere = self._product("Nowhere")
        answer = self._answer(nowhere)
        self.assertEqual(answer["here"]["free"], 0)
        self.assertFalse(answer["places"])
        self.assertEqual({store["free"] for store in answer["stores"]}, {0.0})
        self.assertFalse(answer["order_days"])

    def test_a_company_with_one_store_only(self):
        (self.near | self.far).is_store = False
        answer = self._answer()
        self.assertEqual((answer["here"]["free"], answer["stores"]), (10, []))
        tea = self.tea.with_user(self.guide)
        self.assertEqual((tea.retail_elsewhere_free, tea.retail_elsewhere), (0, ""))

    def test_goods_on_their_way_and_the_suppliers_lead_time(self):
        date = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        supplier = self.env["stock.location"].search([("usage", "=", "supplier")], limit=1)
        for days, quantity in ((0, 7), (4, 50)):
            move = self.env["stock.move"].create(
                {
                    "product_id": self.tea.id,
                    "product_uom_qty": quantity,
                    "location_id": supplier.id,
                    "location_dest_id": self.store.lot_stock_id.id,
                    "date": date + timedelta(days=days),
                    "company_id": self.company.id,
                }
            )
            move._action_confirm(merge=False)
        self.tea.seller_ids = [
            (0, 0, {"partner_id": self.member.id, "delay": 9}),
            (0, 0, {"partner_id": self.member.id, "delay": 5}),
        ]
        answer = self._answer()
        self.assertEqual(answer["here"]["expected_date"], fields.Datetime.to_string(date))
        self.assertEqual(answer["here"]["expected_qty"], 7)
        self.assertEqual(answer["order_days"], 5)

    def test_last_in_and_last_out(self):
        supplier, customer = (
            self.env["stock.location"].search([("usage", "=", usage)], limit=1)
            for usage in ("supplier", "customer")
        )
        product = self._product("Moved")
        moves = [(supplier, self.store.lot_stock_id, 5), (self.store.lot_stock_id, customer, 2)]
        for source, target, quantity in moves:
            move = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "company_id": self.company.id,
                }
            )
            move._action_confirm()
            move.quantity = quantity
            move.picked = True
            move._action_done()
        incoming, outgoing = self.env["stock.move.line"].search(
            [("product_id", "=", product.id)], order="id"
        )
        incoming.date, outgoing.date = "2026-03-01 10:00:00", "2026-03-02 11:00:00"
        place = self.env["retail.stock.place"].search([("product_id", "=", product.id)])
        self.assertEqual(fields.Datetime.to_string(place.last_in), "2026-03-01 10:00:00")
        self.assertEqual(fields.Datetime.to_string(place.last_out), "2026-03-02 11:00:00")
        self.assertEqual((place.quantity, place.reserved, place.free), (3, 0, 3))

    def test_a_service_is_not_kept_in_stock(self):
        self.assertFalse(
            self._answer(self._product("Alteration", type="service", is_storable=False))["storable"]
        )

    def test_a_guide_without_a_store_chooses_one(self):
        stranger = self._user("no_store", "retail_crm.group_guide")
        answer = self._answer(user=stranger)
        self.assertFalse(answer["here"])
        self.assertFalse(answer["can_request"])
        self.assertEqual(len(answer["stores"]), 3)
        answer = self._answer(user=stranger, store_id=self.far.id)
        self.assertEqual(answer["here"]["name"], "Far")

    def test_stores_of_other_companies_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        store = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        store.is_store = True
        self._stock(self.tea, 9, store)
        self.assertNotIn(store.id, [row["store_id"] for row in self._answer()["stores"]])
        with self.assertRaises(AccessError):
            self._answer(store_id=store.id)
        places = self.env["retail.stock.place"].with_user(self.guide)
        self.assertNotIn(store, places.search([("product_id", "=", self.tea.id)]).store_id)

    def test_places_are_found_by_name_and_by_the_place_around(self):
        old = self._product("Old Kettle", active=False)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "location_id": self.store.lot_stock_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(old, shelf, -2)
        places = self.env["retail.stock.place"].with_user(self.guide)
        around = [("location_id", "child_of", self.store.lot_stock_id.id)]
        found = places.search([*around, ("product_id", "ilike", "old kettle")])
        self.assertEqual((found.product_id, found.location_id), (old, shelf))
        self.assertEqual((found.quantity, found.free, found.stock_type), (-2, -2, "normal"))
        self.assertNotIn(
            shelf, places.search([*around, ("product_id", "ilike", "tea")]).location_id
        )
        self.assertFalse(places.search([("product_id", "ilike", "no such name")]))

    def test_a_page_is_a_part_of_the_whole_list(self):
        self._lay(self._location(self.store, "Broken", "defective"), self.tea, 4)
        self._stock(self._product("No Number", default_code=False), 2, self.far)
        self._stock(self.products["milk"], -13)
        places = self.env["retail.stock.place"].with_user(self.guide)
        domains = (
            [],
            [("free", ">", 0)],
            [("stock_type", "=", "defective")],
            [("store_id", "=", self.far.id)],
        )
        with patch.object(retail_stock_place, "SPARE_PRODUCTS", 0):
            for domain in domains:
                whole = places.search(domain)
                self.assertTrue(whole)
                for offset in range(0, len(whole), 3):
                    page = places.search(domain, offset=offset, limit=3)
                    self.assertEqual(page.ids, whole.ids[offset : offset + 3], domain)

    def test_the_choices_beside_the_list_read_no_stock(self):
        places = self.env["retail.stock.place"].with_user(self.guide)
        places.search_panel_select_multi_range("store_id", expand=True)
        with self.assertQueryCount(1):
            types = places.search_panel_select_range("stock_type", expand=True)["values"]
            stores = places.search_panel_select_multi_range("store_id", expand=True)["values"]
        self.assertIn("defective", [choice["id"] for choice in types])
        self.assertLessEqual(
            {self.store.id, self.near.id, self.far.id}, {choice["id"] for choice in stores}
        )

    def test_few_queries_whatever_the_stores(self):
        self._answer()
        with self.assertQueryCount(21):
            self.env.invalidate_all()
            self._answer()
        for number in range(5):
            self._stock(self.tea, 1, self._store(f"More {number}", f"M{number}"))
        self.env.flush_all()
        with self.assertQueryCount(21):
            self.env.invalidate_all()
            self._answer()

    def test_the_list_names_the_nearest_stores(self):
        tea = self.tea.with_user(self.guide)
        self.assertEqual((tea.retail_here_on_hand, tea.retail_here_free), (10, 10))
        self.assertEqual(tea.retail_elsewhere, "Near 3, Far 5")
        self.assertEqual(tea.retail_elsewhere_free, 8)
        products = self.env["product.product"].with_user(self.guide)
        found = products.search([("retail_here_free", ">", 0)])
        self.assertEqual(found, self.env["product.product"].union(*self.products.values()))

    def test_a_page_of_the_list_takes_the_same_queries_as_one_line(self):
        products = self.env["product.product"].union(*self.products.values())
        products |= products.create([{"name": f"P{n}", "is_storable": True} for n in range(80)])
        self.env.flush_all()
        products.with_user(self.guide).mapped("retail_elsewhere")
        for page in (products[:1], products):
            self.env.invalidate_all()
            with self.assertQueryCount(12):
                page.with_user(self.guide).mapped("retail_elsewhere")


@tagged("post_install", "-at_install")
class TestMnemonic(GuideCase):
    def _found(self, text):
        return self.env["product.product"].browse(
            product_id for product_id, _name in self.env["product.product"].name_search(text)
        )

    def test_every_reading_finds_the_product(self):
        dress = self._product("长裙")
        self.assertEqual(dress.retail_mnemonic, "CQ")
        for text in ("cq", "CQ", "zq", "ZQ", "changqun"):
            self.assertIn(dress, self._found(text), text)
            found = self.env["product.product"].search([("display_name", "ilike", text)])
            self.assertIn(dress, found, text)
        self.assertNotIn(dress, self._found("qc"))

    def test_templates_and_places_are_found_by_it_too(self):
        dress = self._product("长裙")
        self._stock(dress, 1)
        found = self.env["product.template"].name_search("zq")
        self.assertIn(dress.product_tmpl_id.id, [template_id for template_id, _name in found])
        places = self.env["retail.stock.place"].search([("product_id", "ilike", "zq")])
        self.assertEqual(places.product_id, dress)

    def test_an_own_code_stays_when_the_name_changes(self):
        dress, tea = self._product("长裙"), self._product("红茶")
        dress.product_tmpl_id.retail_mnemonic = "dress1"
        self.assertEqual(dress.retail_mnemonic, "DRESS1")
        (dress | tea).product_tmpl_id.write({"name": "短裙"})
        self.assertEqual(dress.retail_mnemonic, "DRESS1")
        self.assertEqual(tea.retail_mnemonic, "DQ")
        self.assertIn(dress, self._found("dress1"))
        self.assertIn(dress, self._found("dq"))

    def test_the_code_comes_before_other_finds(self):
        self._product("xhcx soup")
        tea = self._product("红茶")
        self.assertEqual(self._found("hc")[0], tea)

    def test_the_chinese_name_is_found_whatever_the_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        dress = self._product("Long dress")
        dress.product_tmpl_id.with_context(lang="zh_CN").name = "长裙"
        self.assertIn(dress, self._found("zq"))
        self.assertIn(dress, self._found("ld"))

    def test_the_chinese_part_of_a_mixed_name(self):
        dress = self._product("Linen Dress 长裙")
        for text in ("ldcq", "cq", "zq"):
            self.assertIn(dress, self._found(text), text)

    def test_a_name_without_letters(self):
        self.assertFalse(self._product("!!!").retail_mnemonic)


@tagged("post_install", "-at_install")
class TestStockAnswerTour(HttpCase):
    def test_a_guide_answers_do_you_have_it_and_where(self):
        home, near = self.env["stock.warehouse"].create(
            [
                {"name": name, "code": code, "is_store": True}
                for name, code in (("Tour Home", "TH"), ("Tour Near", "TN"))
            ]
        )
        dress = self.env["product.product"].create({"name": "长裙", "is_storable": True})
        self.env["stock.quant"]._update_available_quantity(dress, near.lot_stock_id, 3)
        guide = new_test_user(self.env, login="stock_tour", groups="retail_crm.group_guide")
        guide.retail_store_ids = home
        self.start_tour(
            "/odoo/action-retail_guide.product_product_action_stock",
            "retail_guide_stock_answer",
            login="stock_tour",
        )
        request = self.env["retail.transfer.request"].search([("product_id", "=", dress.id)])
        self.assertRecordValues(
            request,
            [{"source_store_id": near.id, "store_id": home.id, "quantity": 1, "state": "open"}],
        )
