import base64
import csv
import io

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

HEADER = ("Number", "Line", "Date", "Store", "Member", "Product", "Quantity", "Unit Price")


class IntakeCase(TransactionCase):
    """A store in Shanghai, two taxes, three products, a member, an order source, a clerk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.account_sale_tax_id = False
        cls.store = cls.env["stock.warehouse"].create(
            {"name": "Intake Store", "code": "IN1", "is_store": True, "retail_tz": "Asia/Shanghai"}
        )
        cls.tax_in = cls._tax("Intake 10% included", "tax_included")
        cls.tax_on = cls._tax("Intake 10% on top", "tax_excluded")
        cls.tea = cls._product("Tea", "IN-TEA", cls.tax_in, barcode="2990000000017")
        cls.soap = cls._product("Soap", "IN-SOAP", cls.tax_on)
        cls.card = cls._product("Card", "IN-CARD", cls.env["account.tax"])
        cls.member = cls.env["res.partner"].create(
            {
                "name": "Intake Member",
                "is_member": True,
                "member_code": "IN-M1",
                "phone": "+86 138 0013 8000",
                "street": "1 Old Road",
            }
        )
        cls.channel = cls.env.ref("retail_crm.channel_marketplace")
        cls.source = cls.env["retail.order.source"].create(
            {
                "name": "Intake Market",
                "code": "intake_market",
                "channel_id": cls.channel.id,
                "store_id": cls.store.id,
            }
        )
        cls.clerk = cls._user("intake_clerk", "role_order_clerk")

    @classmethod
    def _user(cls, login, role):
        user = new_test_user(cls.env, login, groups="base.group_user")
        user.role_line_ids = [Command.create({"role_id": cls.env.ref(f"retail_crm.{role}").id})]
        return user

    @classmethod
    def _tax(cls, name, override):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": 10.0,
                "type_tax_use": "sale",
                "price_include_override": override,
            }
        )

    @classmethod
    def _product(cls, name, code, taxes, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "default_code": code,
                "type": "consu",
                "list_price": 99.0,
                "taxes_id": [Command.set(taxes.ids)],
                **values,
            }
        )

    @classmethod
    def _csv(cls, rows, header=HEADER):
        """Return a file of rows in base64; a row is a dict by header or a list."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(header)
        for row in rows:
            cells = [row.get(name, "") for name in header] if isinstance(row, dict) else row
            writer.writerow(cells)
        return base64.b64encode(text.getvalue().encode())

    def _row(self, number="A1", **values):
        """Return a good row of one tea for the member, with changes by header."""
        return {
            "Number": number,
            "Date": "2025-03-01 10:30:00",
            "Member": "IN-M1",
            "Product": "IN-TEA",
            "Quantity": "2",
            "Unit Price": "11",
        } | {name.replace("_", " "): value for name, value in values.items()}

    def _run(self, rows, header=HEADER, dry_run=False, source=None, user=None):
        """Import rows at once as the clerk; return the run."""
        run = (
            self.env["retail.import.run"]
            .with_user(user or self.clerk)
            .create(
                {
                    "profile_id": (source or self.source).profile_id.id,
                    "file": self._csv(rows, header),
                    "file_name": "orders.csv",
                }
            )
        )
        run._run_now(dry_run=dry_run)
        return run

    def _orders(self, source=None):
        return self.env["sale.order"].search(
            [("intake_source_id", "=", (source or self.source).id)], order="intake_number"
        )

    def _report(self, run):
        """Return [(line number, state)] of the rows of a run."""
        return [(row.line_number, row.state) for row in run.row_ids.sorted("line_number")]

    def _message(self, run, line):
        return run.row_ids.filtered(lambda row: row.line_number == line).message
