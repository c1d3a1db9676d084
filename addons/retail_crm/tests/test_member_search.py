from odoo.tests import new_test_user, tagged

from .common import RetailCase


@tagged("post_install", "-at_install")
class TestMemberSearch(RetailCase):
    """Who is found by what is typed at the counter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fang = cls._member("王芳", phone="+86 138 0001 8000", member_code="S-0001")
        cls.zeng = cls._member("曾国单", phone="021-6231 4455", email="Zeng.Guo@Example.com")
        cls.grace = cls._member('Grace "O\'Neil" 🙂 Miller', email="grace@example.com")
        cls.li = cls._member("Li", email="li@example.com")
        cls.lilian = cls._member("Lilian", email="lilian@example.com", phone="no-number 12a")
        cls.all = cls.fang | cls.zeng | cls.grace | cls.li | cls.lilian

    @classmethod
    def _member(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_member": True, "country_id": cls.env.ref("base.cn").id, **values}
        )

    def assertFinds(self, typed, expected):
        own = [("id", "in", self.all.ids)]
        found = self.env["res.partner"].search([*own, ("retail_search", "ilike", typed)])
        self.assertEqual(found, expected, f"the member search by {typed!r}")
        named = self.env["res.partner"].name_search(typed, own)
        self.assertEqual({row[0] for row in named}, set(expected.ids), f"name_search {typed!r}")

    def test_phone_in_any_format(self):
        for typed in (
            "13800018000",
            "138 0001 8000",
            "138-0001-8000",
            "+86 138 0001 8000",
            "+8613800018000",
            "0086 138 0001 8000",
            "１３８００018000",
        ):
            self.assertFinds(typed, self.fang)
        for typed in ("02162314455", "(021) 6231-4455", "62314455", "+86 21 6231 4455"):
            self.assertFinds(typed, self.zeng)

    def test_last_four_digits(self):
        self.assertFinds("8000", self.fang)
        self.assertFinds("4455", self.zeng)
        self.assertFinds("0000", self.all.browse())

    def test_a_number_is_not_spelled_out(self):
        """Neither beginnings nor five or six digits find anybody."""
        for typed in ("1380001", "13800018", "18000", "018000", "138000180"):
            self.assertFinds(typed, self.all.browse())

    def test_no_more_than_the_mask_shows_to_who_sees_masks(self):
        guide = new_test_user(
            self.env,
            "search-guide",
            groups="retail_crm.group_guide",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.all.retail_guide_id = guide
        partners = self.env["res.partner"].with_user(guide)
        own = [("id", "in", self.all.ids)]
        for typed, found in (
            ("8000", self.fang),
            ("138 0001 8000", self.fang),
            ("zeng.guo@example.com", self.zeng),
            ("wf", self.fang),
            ("zeng.guo@", self.all.browse()),
            ("@example.com", self.all.browse()),
            ("1380001", self.all.browse()),
        ):
            with self.subTest(typed):
                self.assertEqual(
                    partners.search([*own, ("retail_search", "ilike", typed)]).ids, found.ids
                )
                self.assertEqual([row[0] for row in partners.name_search(typed, own)], found.ids)

    def test_pinyin_and_initials(self):
        for typed in ("wf", "WF", "wangfang", "wang fang", "wangf"):
            self.assertFinds(typed, self.fang)
        for typed in ("cgd", "zgs"):
            self.assertFinds(typed, self.zeng)
        self.assertFinds("gonm", self.grace)

    def test_a_new_name_has_new_letters(self):
        self.fang.name = "赵敏"
        self.assertFinds("zm", self.fang)
        self.assertFinds("wf", self.all.browse())

    def test_words(self):
        self.assertFinds("王", self.fang)
        self.assertFinds("Li", self.li | self.lilian)
        self.assertFinds("s-0001", self.fang)
        self.assertFinds("ZENG.guo@example.com", self.zeng)

    def test_quotes_mean_exactly(self):
        self.assertFinds('"Li"', self.li)
        self.assertFinds("“li”", self.li)
        self.assertFinds('"王"', self.all.browse())

    def test_signs_in_names_and_terms(self):
        self.assertFinds('Grace "O\'Neil"', self.grace)
        self.assertFinds("🙂", self.grace)
        self.assertFinds('"', self.grace)
        own = [("id", "in", self.all.ids)]
        for typed in ("%", "_", "\\", "100%", "' OR 1=1 --"):
            found = self.env["res.partner"].search([*own, ("retail_search", "ilike", typed)])
            self.assertFalse(found, typed)

    def test_filters_combine(self):
        vip = self.env.ref("retail_crm.class_vip")
        tag = self.env["res.partner.category"].create({"name": "Sport"})
        source = self.env.ref("retail_crm.source_walk_in")
        self.fang.write(
            {
                "retail_class_id": vip.id,
                "retail_store_id": self.store.id,
                "category_id": [(6, 0, tag.ids)],
                "retail_source_id": source.id,
            }
        )
        self._order(self._line(self.apple), partner_id=self.fang.id)
        found = self.env["res.partner"].search(
            [
                ("retail_class_id", "=", vip.id),
                ("retail_store_id", "=", self.store.id),
                ("category_id", "child_of", tag.id),
                ("retail_source_id", "=", source.id),
                ("retail_spend_level", "=", "low"),
                ("retail_search", "ilike", "8000"),
            ]
        )
        self.assertEqual(found, self.fang)

    def test_a_stranger_is_found_by_name_only(self):
        """Phones and letters are those of members; other contacts are found as ever."""
        stranger = self.env["res.partner"].create({"name": "王五", "phone": "+86 13900009999"})
        search = self.env["res.partner"].name_search
        self.assertIn(stranger.id, [row[0] for row in search("王五")])
        self.assertNotIn(stranger.id, [row[0] for row in search("9999")])

    def test_birthday_month(self):
        self.fang.birthdate_date = "2000-02-29"
        own = [("id", "in", self.all.ids)]
        search = self.env["res.partner"].search
        self.assertEqual(search([*own, ("retail_birthday_month", "=", 2)]), self.fang)
        self.assertEqual(search([*own, ("retail_birthday_month", "!=", 2)]), self.all - self.fang)
        self.assertEqual(search([*own, ("retail_birthday_month", "=", 0)]), self.all - self.fang)

    def test_queries_of_a_page(self):
        """A page of the list costs the same however many members it shows."""
        specification = {
            name: {}
            for name in ("member_code", "complete_name", "phone", "retail_spent",
                         "retail_last_purchase", "retail_spend_level")
        }  # fmt: skip
        specification["retail_class_id"] = {"fields": {"display_name": {}}}
        partners = self.env["res.partner"]
        counts = []
        for limit in (2, 5):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.web_search_read([("id", "in", self.all.ids)], specification, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, "the count of all, at most")
