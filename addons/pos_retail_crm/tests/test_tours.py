from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestTours(TestPointOfSaleHttpCommon):
    def _cashier(self):
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
        self.store = self.main_pos_config.retail_store_id
        self.store.write({"is_store": True, "retail_staff_ids": [Command.link(cashier.id)]})
        self.main_pos_config.with_user(cashier).open_ui()
        return cashier

    def _wang(self):
        return self.env["res.partner"].create(
            {
                "name": "王芳",
                "phone": "+86 138 1234 5678",
                "is_member": True,
                "retail_store_id": self.store.id,
            }
        )

    def test_member_is_found_and_cared_for(self):
        """A cashier finds a member in three ways and finishes a care task from the card."""
        self._cashier()
        member = self._wang()
        strategy = self.env["retail.care.strategy"].sudo().create({"name": "Silent"})
        tasks = self.env["retail.care.task"].sudo()
        task = tasks.create(
            {"strategy_id": strategy.id, "partner_id": member.id, "store_id": self.store.id}
        )
        self.start_pos_tour("pos_retail_crm_member", login="cashier")
        self.assertEqual((task.state, task.result), ("done", "bought"))

    def test_new_member_offline(self):
        """A phone that is known stops; without a connection the member is made once, later."""
        self._cashier()
        self._wang()
        self.start_pos_tour("pos_retail_crm_new_member", login="cashier")
        made = self.env["res.partner"].search([("name", "=", "New Nina")])
        self.assertEqual(len(made), 1)
        self.assertTrue(made.retail_consent_sms)
        order = self.main_pos_config.current_session_id.order_ids
        self.assertEqual(order.partner_id, made)
        tokens = order.mapped("retail_receipt_token")
        self.assertEqual([len(token) for token in set(tokens)], [32, 32])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Twin")]))

    def test_guide_of_a_line(self):
        """One line was sold by two guides, the other one by the cashier."""
        cashier = self._cashier()
        bea, gus = self.env["res.users"].create(
            [
                {"name": "Bea Guide", "login": "bea-guide"},
                {"name": "Gus Guide", "login": "gus-guide"},
            ]
        )
        self.store.retail_staff_ids += bea + gus
        self.start_pos_tour("pos_retail_crm_guide", login="cashier")
        lines = self.main_pos_config.current_session_id.order_ids.lines
        self.assertEqual(lines.retail_guide_id, cashier + bea)
        shared = lines.filtered("retail_second_guide_id")
        self.assertRecordValues(
            shared,
            [
                {
                    "retail_guide_id": bea.id,
                    "retail_second_guide_id": gus.id,
                    "retail_second_share": 30.0,
                }
            ],
        )

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
        self._cashier()
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
        self.env.user.group_ids += self.env.ref("retail_crm.group_retail_admin")
        remedies = self.env["retail.complaint.remedy"]
        remedy = remedies.create({"ticket_id": ticket.id, "kind": "refund"})
        remedy.action_make()
        self.start_pos_tour("pos_retail_crm_refund_waits", login="cashier")
        self.assertEqual((remedy.state, remedy.cost), ("done", order.amount_total))
        self.assertEqual(remedy.document, session.order_ids - order)
