from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RetailCase


class RemedyCase(RetailCase):
    """An order of 4 apples (10) and 2 pears (20), delivered, invoiced and paid: 80."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True))
        cls.agent = cls._staff("remedy_agent", "role_service")
        cls.agent_two = cls._staff("remedy_agent_two", "role_service")
        cls.manager = cls._staff("remedy_manager", "role_store_manager")
        cls.manager.retail_store_ids = cls.store
        cls.head = cls._staff("remedy_head", "role_admin")
        cls.limits = cls.env["retail.complaint.remedy.limit"]
        cls.order = cls._sold()

    @classmethod
    def _staff(cls, login, role):
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{login}@example.com",
        )
        user.role_line_ids = [Command.create({"role_id": cls.env.ref(f"retail_crm.{role}").id})]
        user.set_groups_from_roles()
        return user

    @classmethod
    def _sold(cls, paid=True, delivered=True):
        order = cls._order(cls._line(cls.apple, 4), cls._line(cls.pear, 2))
        if delivered:
            cls._deliver(cls, order)
            invoice = cls._invoice(cls, order)
            if paid:
                cls.env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=invoice.ids
                ).create({})._create_payments()
        return order

    def _ticket(self, order=None, **values):
        return (
            self.env["helpdesk.ticket"]
            .with_user(self.agent)
            .create(
                {
                    "name": "Bruised",
                    "description": "<p>Bruised</p>",
                    "retail_kind": "complaint",
                    "partner_id": self.member.id,
                    "retail_store_id": self.store.id,
                    "company_id": self.company.id,
                    "sale_order_id": order and order.id,
                    "cause_id": self.env.ref("retail_crm.cause_quality").id,
                    **values,
                }
            )
        )

    def _remedy(self, ticket, kind, user=None, **values):
        return (
            self.env["retail.complaint.remedy"]
            .with_user(user or self.agent)
            .create({"ticket_id": ticket.id, "kind": kind, **values})
        )

    def _line_of(self, ticket, product):
        return ticket.sudo().sale_order_id.order_line.filtered(
            lambda line: line.product_id == product
        )


@tagged("post_install", "-at_install")
class TestComplaintRemedy(RemedyCase):
    # === MONEY === #

    def test_refund_of_a_line(self):
        ticket = self._ticket(self.order)
        remedy = self._remedy(
            ticket, "refund", sale_line_id=self._line_of(ticket, self.apple).id, quantity=3
        )
        self.assertEqual(remedy.amount, 30)
        remedy.action_make()
        self.assertEqual(remedy.state, "done")
        note = remedy.sudo().move_ids
        self.assertRecordValues(
            note, [{"move_type": "out_refund", "state": "posted", "amount_total": 30}]
        )
        self.assertEqual(note.invoice_line_ids.mapped("quantity"), [3])
        self.assertEqual(
            sum(self._facts(ticket.sudo().sale_order_id, "returned").mapped("qty")), -3
        )
        self.assertEqual(ticket.remedy_cost, 30)
        self.assertEqual(remedy.cause_id, ticket.cause_id)
        self.assertTrue(any(note.name in message.body for message in ticket.message_ids))
        self.assertIn(note.name, remedy.made)
        self.assertEqual(remedy.action_open_documents()["res_id"], note.id)

    def test_never_more_than_was_invoiced_and_not_credited(self):
        ticket = self._ticket(self.order)
        line = self._line_of(ticket, self.apple)
        self._remedy(ticket, "refund", sale_line_id=line.id, quantity=3).action_make()
        again = self._remedy(ticket, "refund", sale_line_id=line.id, quantity=3)
        self.assertEqual(again.amount, 10, "one is left")
        with self.assertRaisesRegex(UserError, "Only 1"):
            again.action_make()
        rest = self._remedy(ticket, "refund")
        self.assertEqual(rest.amount, 50)
        rest.action_make()
        self.assertEqual(rest.sudo().move_ids.amount_total, 50)
        with self.assertRaisesRegex(UserError, "refunded already"):
            self._remedy(ticket, "refund").action_make()
        with self.assertRaisesRegex(UserError, "refunded already"):
            self._remedy(ticket, "compensation", amount=1).action_make()

    def test_compensation_counts_against_what_was_paid(self):
        ticket = self._ticket(self.order)
        self._remedy(ticket, "compensation", amount=50).action_make()
        with self.assertRaisesRegex(UserError, "more than can go back"):
            self._remedy(ticket, "compensation", amount=31).action_make()
        with self.assertRaisesRegex(UserError, "more than can go back"):
            self._remedy(ticket, "refund").action_make()
        remedy = self._remedy(ticket, "compensation", amount=30)
        remedy.action_make()
        self.assertRecordValues(
            remedy.sudo().move_ids,
            [
                {
                    "move_type": "out_refund",
                    "state": "posted",
                    "partner_id": self.member.id,
                    "amount_total": 30,
                }
            ],
        )
        self.assertEqual(ticket.remedy_cost, 80)

    def test_complaint_about_a_refunded_order(self):
        first = self._ticket(self.order)
        self._remedy(first, "refund").action_make()
        again = self._ticket(self.order)
        self.assertTrue(again.user_id)
        for kind in ("refund", "compensation"):
            remedy = self._remedy(again, kind, amount=5)
            with self.assertRaisesRegex(UserError, "refunded already, wholly"):
                remedy.action_make()
            self.assertEqual(remedy.state, "draft")
        again.solution = "The money is back already."
        again.action_retail_resolve()
        self.assertEqual(again.retail_stage_code, "resolved")

    def test_nothing_was_paid(self):
        for order in (self._sold(paid=False), self._sold(delivered=False)):
            ticket = self._ticket(order)
            for kind, values in (("refund", {}), ("compensation", {"amount": 1})):
                with self.assertRaisesRegex(UserError, "Nothing was paid"):
                    self._remedy(ticket, kind, **values).action_make()

    def test_refund_needs_an_order_and_an_amount(self):
        ticket = self._ticket()
        with self.assertRaisesRegex(UserError, "Choose the order"):
            self._remedy(ticket, "refund").action_make()
        with self.assertRaisesRegex(UserError, "Say how much"):
            self._remedy(ticket, "compensation").action_make()
        self._remedy(ticket, "compensation", amount=20).action_make()

    def test_negative_amounts_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as caught,
            self.env.cr.savepoint(),
        ):
            self._remedy(self._ticket(), "compensation", amount=-1)
        self.assertIn("quantity_positive", str(caught.exception))

    # === GOODS === #

    def test_return(self):
        ticket = self._ticket(self.order)
        remedy = self._remedy(
            ticket, "return", sale_line_id=self._line_of(ticket, self.apple).id, quantity=2
        )
        remedy.action_make()
        picking = remedy.sudo().picking_id
        self.assertRecordValues(
            picking.move_ids, [{"product_id": self.apple.id, "product_uom_qty": 2}]
        )
        self.assertEqual(picking.picking_type_code, "incoming")
        self.assertIn(ticket.number, picking.origin)
        self.assertEqual(ticket.remedy_cost, 0)
        again = remedy.copy({"quantity": 3})
        with self.assertRaisesRegex(UserError, "Only 2"):
            again.action_make()

    def test_exchange_brings_one_back_and_sends_another(self):
        ticket = self._ticket(self.order)
        remedy = self._remedy(
            ticket, "exchange", sale_line_id=self._line_of(ticket, self.pear).id, quantity=1
        )
        self.assertEqual(remedy.amount, 20)
        remedy.action_make()
        remedy = remedy.sudo()
        self.assertEqual(remedy.picking_id.move_ids.product_id, self.pear)
        self.assertRecordValues(remedy.new_order_id, [{"state": "sale", "amount_total": 0}])
        self.assertEqual(remedy.new_order_id.picking_ids.picking_type_code, "outgoing")
        self.assertIn(ticket.sudo().sale_order_id.name, remedy.new_order_id.origin)
        self.assertEqual(ticket.remedy_cost, 9, "what the shop paid for it")

    def test_lost_parcel_is_sent_again(self):
        ticket = self._ticket(self._sold(delivered=False))
        line = self._line_of(ticket, self.apple)
        with self.assertRaisesRegex(UserError, "Only 0"):
            self._remedy(ticket, "exchange", sale_line_id=line.id).action_make()
        remedy = self._remedy(ticket, "reship", sale_line_id=line.id, quantity=4)
        remedy.action_make()
        self.assertEqual(remedy.sudo().new_order_id.order_line.product_uom_qty, 4)
        self.assertFalse(remedy.sudo().picking_id)

    def test_goods_need_a_line(self):
        with self.assertRaisesRegex(UserError, "Choose the line"):
            self._remedy(self._ticket(), "return", product_id=self.apple.id).action_make()
        with self.assertRaisesRegex(UserError, "Choose the goods"):
            self._remedy(self._ticket(), "reship").action_make()

    def test_line_of_another_order(self):
        line = self._sold(delivered=False).order_line[:1]
        with self.assertRaises(ValidationError):
            self._remedy(self._ticket(self.order), "return", sale_line_id=line.id)

    def test_after_the_days_of_return(self):
        ticket = self._ticket(self.order)
        line = self._line_of(ticket, self.apple)
        line.move_ids.date = fields.Datetime.now() - timedelta(days=8)
        remedy = self._remedy(ticket, "return", sale_line_id=line.id)
        with self.assertRaisesRegex(UserError, "7 days"):
            remedy.action_make()
        remedy.with_user(self.manager).action_make()
        self.assertEqual(remedy.state, "done")

    # === REPAIRS: installed when all is tested together, not when we are tested alone === #

    def test_repairs_are_offered_where_they_are_installed(self):
        remedies = self.env["retail.complaint.remedy"].with_user(self.agent)
        kinds = dict(remedies.fields_get(["kind"])["kind"]["selection"])
        self.assertIn("refund", kinds)
        self.assertEqual("repair" in kinds, "repair.order" in self.env)

    def test_repair(self):
        ticket = self._ticket(retail_product_ids=self.apple.ids)
        remedy = self._remedy(ticket, "repair", amount=30)
        self.assertEqual(remedy.product_id, self.apple)
        if "repair.order" not in self.env:
            with self.assertRaisesRegex(UserError, "not installed"):
                remedy.action_make()
            return
        remedy.action_make()
        repair = remedy.sudo().document
        self.assertRecordValues(
            repair,
            [
                {
                    "product_id": self.apple.id,
                    "product_qty": 1,
                    "lot_id": False,
                    "partner_id": self.member.id,
                    "company_id": self.company.id,
                    "picking_type_id": self.store.repair_type_id.id,
                    "user_id": self.agent.id,
                }
            ],
        )
        self.assertRecordValues(remedy, [{"state": "done", "cost": 30, "made": repair.name}])
        self.assertIn(f"/helpdesk.ticket/{ticket.id}", repair.internal_notes)
        self.assertIn(repair.name, "".join(ticket.sudo().message_ids.mapped("body")))
        opened = remedy.with_user(self.manager).action_open_documents()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("repair.order", repair.id))

    def test_repair_of_what_has_a_serial_number(self):
        kettle = self.env["product.product"].create(
            {"name": "Kettle", "is_storable": True, "tracking": "serial"}
        )
        lot = self.env["stock.lot"].create({"name": "K-1", "product_id": kettle.id})
        ticket = self._ticket(retail_product_ids=kettle.ids)
        remedy = self._remedy(ticket, "repair", lot_number="K-2")
        installed = "repair.order" in self.env
        with self.assertRaisesRegex(UserError, "no serial number K-2" if installed else "not inst"):
            remedy.action_make()
        remedy.lot_number = " K-1 "
        self.assertEqual(remedy._lot(), lot)
        if installed:
            remedy.action_make()
            self.assertEqual(remedy.sudo().document.lot_id, lot)
            with self.assertRaises(UserError):
                remedy.lot_number = "K-3"

    # === APPROVAL === #

    def _big(self, amount=250):
        return self._remedy(self._ticket(), "compensation", amount=amount)

    def test_within_the_own_limit(self):
        remedy = self._big(200)
        remedy.action_make()
        self.assertEqual(remedy.approver_id, self.agent)

    def test_above_it_a_colleague_decides(self):
        remedy = self._big()
        remedy.action_make()
        self.assertEqual(remedy.state, "waiting")
        self.assertFalse(remedy.sudo().move_ids)
        self.assertIn(self.manager, remedy.ticket_id.sudo().activity_ids.user_id)
        for user, words in ((self.agent, "four eyes"), (self.agent_two, "more than you")):
            with self.assertRaisesRegex(UserError, words):
                remedy.with_user(user).action_approve()
        with self.assertRaises(UserError):
            remedy.amount = 10
        remedy.with_user(self.manager).action_approve()
        self.assertRecordValues(remedy, [{"state": "done", "approver_id": self.manager.id}])
        self.assertFalse(remedy.ticket_id.sudo().activity_ids.filtered("summary"))
        with self.assertRaises(UserError):
            remedy.with_user(self.manager).action_approve()

    def test_above_the_manager_head_office_decides(self):
        remedy = self._big(2001)
        remedy.action_make()
        self.assertIn(self.head, remedy.ticket_id.sudo().activity_ids.user_id)
        with self.assertRaisesRegex(UserError, "more than you"):
            remedy.with_user(self.manager).action_approve()
        remedy.with_user(self.head).action_approve()

    def test_own_line_of_a_company(self):
        self.limits.create(
            {
                "group_id": self.env.ref("retail_crm.group_service").id,
                "company_id": self.company.id,
                "amount": 10,
            }
        )
        remedy = self._big(11)
        remedy.action_make()
        self.assertEqual(remedy.state, "waiting")

    def test_no_role_no_limit(self):
        self.limits.search([]).unlink()
        self.assertEqual(self.limits._of(self.head, self.company), 0)
        with self.assertRaisesRegex(UserError, "Nobody else"):
            self._big(1).action_make()

    def test_what_was_made_stays(self):
        remedy = self._big(20)
        remedy.action_make()
        for act in (remedy.action_cancel, remedy.unlink, remedy.action_make):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            remedy.amount = 1
        other = self._big()
        other.action_make()
        other.action_cancel()
        self.assertEqual(other.state, "cancelled")

    def test_closed_request(self):
        ticket = self._ticket(solution="Sorry")
        remedy = self._remedy(ticket, "compensation", amount=5)
        ticket.action_retail_resolve()
        ticket.customer_answer = "accepted"
        ticket.action_retail_close()
        with self.assertRaisesRegex(UserError, "reopen"):
            remedy.action_make()

    def test_who_may_not_read_the_request_sees_no_remedy(self):
        remedy = self._big(20)
        remedy.ticket_id.retail_confidential = True
        with self.assertRaises(AccessError):
            remedy.with_user(self.agent_two).read(["amount"])
        self.assertFalse(
            self.env["retail.complaint.remedy"]
            .with_user(self.agent_two)
            .search([("id", "=", remedy.id)])
        )

    def test_form(self):
        ticket = self._ticket(self.order)
        action = ticket.action_view_remedies()
        form = Form(
            self.env["retail.complaint.remedy"]
            .with_user(self.agent)
            .with_context(**action["context"])
        )
        form.kind = "refund"
        form.sale_line_id = self._line_of(ticket, self.pear)
        form.quantity = 2
        self.assertEqual(form.amount, 40)
        form.save().action_make()
        self.assertEqual(ticket.remedy_count, 1)


@tagged("post_install", "-at_install")
class TestComplaintTwoRemedies(RemedyCase):
    """Two colleagues, of two requests about one order, at the same moment."""

    def test_the_second_counts_what_the_first_gave_back(self):
        """The order is held: who comes second starts anew (Odoo's retry) and counts again."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            partner = env["res.partner"].create({"name": "Twice"})
            order = env["sale.order"].create({"partner_id": partner.id})
            ticket = {
                "name": "Twice",
                "description": "<p>x</p>",
                "retail_kind": "complaint",
                "company_id": order.company_id.id,
                "partner_id": partner.id,
                "sale_order_id": order.id,
            }
            tickets = env["helpdesk.ticket"].create([ticket, ticket])
            remedies = env["retail.complaint.remedy"].create(
                [{"ticket_id": one.id, "kind": "compensation", "amount": 1} for one in tickets]
            )
            made = (remedies, tickets, order, partner)
            ids = [(records._name, records.ids) for records in made]
        self.addCleanup(self._remove, ids)
        with self.registry.cursor() as first_cr, self.registry.cursor() as second_cr:
            first, second = (
                api.Environment(cr, SUPERUSER_ID, {})["retail.complaint.remedy"].browse(one.id)
                for cr, one in zip((first_cr, second_cr), remedies, strict=True)
            )
            self.assertEqual(second._compensated(), 0)  # takes its snapshot
            first._lock_document()
            first.write({"state": "done"})
            first_cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                second._lock_document()
            second_cr.rollback()
            second._lock_document()
            self.assertEqual(second._compensated(), 1)
            second_cr.rollback()

    def _remove(self, ids):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(
                "UPDATE retail_complaint_remedy SET state = 'draft' WHERE id IN %s",
                [tuple(ids[0][1])],
            )
            for model, numbers in ids:
                env[model].browse(numbers).unlink()
