import json

import cn2an
from num2words import num2words

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

VECTORS = "pos_retail_crm/static/tests/unit/amount_words.vectors.js"


@tagged("post_install", "-at_install")
class TestAmountWords(BaseCase):
    """The vectors by which the till's words are tested say what the libraries say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open(VECTORS) as file:
            text = file.read()
        cls.vectors = json.loads(text[text.index("{") : text.rindex("}") + 1])

    def test_english(self):
        for number, words in self.vectors["en"].items():
            self.assertEqual(num2words(int(number), lang="en"), words)

    def test_chinese_capitals(self):
        for amount, words in self.vectors["zh"].items():
            self.assertEqual(cn2an.an2cn(amount, "rmb"), words)
