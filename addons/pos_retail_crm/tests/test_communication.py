from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestCommunicationOfReceipt(TillCommon):
    def test_from_a_receipt_and_back(self):
        order = self._sale((self.tea, 1), customer=self.member)
        manager = self._user(
            "till-manager", "retail_crm.group_store_manager,point_of_sale.group_pos_manager"
        )
        context = order.with_user(manager).action_log_communication()["context"]
        self.assertEqual(context["default_partner_id"], self.member.id)
        said = (
            self.env["retail.communication"]
            .with_user(manager)
            .with_context(**context)
            .create(
                {
                    "method_id": self.env.ref("retail_crm.communication_method_phone").id,
                    "content": "Is the tea still fresh?",
                }
            )
        )
        self.assertEqual(said.pos_order_id, order)
        self.assertEqual(order.with_user(manager).retail_communication_count, 1)
        self.assertEqual(
            said.search(order.with_user(manager).action_view_communications()["domain"]), said
        )

    def test_a_receipt_named_in_the_text_is_proposed(self):
        order = self._sale((self.tea, 1), customer=self.member)
        model = self.env["retail.communication"]
        text = f"About receipt {order.pos_reference.split()[-1]}"
        order.pos_reference = order.pos_reference.split()[-1]
        values = {"subject": text, "content": "Lost it."}
        draft = model.new(values)
        proposed = [one["value"]["id"] for one in draft.proposals if one["field"] == "pos_order_id"]
        self.assertEqual(proposed, order.ids)
        # A guide who may not read receipts is proposed none.
        self.assertFalse(model.with_user(self.guide).new(values).proposals)
