import zlib

from odoo import fields, models
from odoo.tools import SQL

SLOTS = 1 << 20


class RetailMemberGuard(models.Model):
    """Makes two people who enrol the same phone at once meet.

    A transaction sees only what stood when it began, so a look for duplicates misses a member
    that is being made beside it. Whoever saves a contact also writes the slot of its number:
    the second of two transactions then fails with a conflict, Odoo tries it again, and this
    time the look finds the first one. A slot is a bare hash shared by many numbers: the table
    tells nothing about anybody and stays small.
    """

    _name = "retail.member.guard"
    _description = "Guard against Duplicate Members"
    _log_access = False
    _rec_name = "slot"

    slot = fields.Integer(required=True, aggregator=None)

    _slot_uniq = models.Constraint("UNIQUE(slot)", "A slot exists once.")

    def _touch(self, values):
        """Write the slots of texts (phones, mails), in one order for all: no deadlocks."""
        slots = sorted({zlib.crc32(value.encode()) % SLOTS for value in values})
        if slots:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO retail_member_guard (slot) SELECT unnest(%s)"
                    " ON CONFLICT (slot) DO UPDATE SET slot = EXCLUDED.slot",
                    slots,
                )
            )
