from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTours(TestPointOfSaleHttpCommon):
    def test_member_card_and_complaint(self):
        """A cashier sees who buys, sells, and opens a complaint from the receipt."""
        member = self.env["res.partner"].create(
            {
                "name": "Ada Member",
                "email": "ada.member@example.com",
                "is_member": True,
                "member_code": "M-1815",
                "retail_class_id": self.env.ref("retail_crm.class_vip").id,
                "retail_special_need": "No nuts",
                "retail_preference": "Likes desk pads",
            }
        )
        role = self.env.ref("retail_crm.role_cashier")
        cashier = self.env["res.users"].create(
            {
                "name": "Carl Cashier",
                "login": "cashier",
                "password": "cashier",
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
                "role_line_ids": [Command.create({"role_id": role.id})],
            }
        )
        self.main_pos_config.with_user(cashier).open_ui()
        session = self.main_pos_config.current_session_id
        self.start_pos_tour("pos_retail_crm_complaint", login="cashier")
        order = session.order_ids
        self.assertEqual(order.partner_id, member)
        tickets = self.env["helpdesk.ticket"].sudo()
        ticket = tickets.search([("pos_order_id", "=", order.id)])
        self.assertRecordValues(
            ticket, [{"name": "Broken on one side", "retail_kind": "after_sales"}]
        )
        self.assertEqual(ticket.retail_product_ids, order.lines.product_id)
