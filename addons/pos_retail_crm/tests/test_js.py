from odoo.addons.web.tests import test_js
from odoo.tests import no_retry, tagged


@tagged("post_install", "-at_install")
class TestJs(test_js.HOOTCommon):
    @no_retry
    def test_hoot(self):
        """Run the Hoot tests of this addon alone."""
        suite = self._generate_hash("@pos_retail_crm")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
