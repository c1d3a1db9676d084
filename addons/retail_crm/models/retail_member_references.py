import json

from psycopg2 import IntegrityError

from odoo import models
from odoo.tools import SQL, mute_logger, ormcache

# What is only about the member's own thread or is worked out anew: no reason to keep a member.
OWN_TABLES = {
    "discuss_channel_member",
    "mail_followers",
    "mail_notification",
    "retail_care_held",
    "retail_class_history",
    "retail_member_distinct",
    "retail_member_figure",
    "retail_member_insight",
    "retail_member_snapshot",
    "retail_segment_move",
    "retail_social_account",
}
# Of these, what a deleted member takes along and gets back.
KEPT_TABLES = ("retail_class_history", "retail_social_account")
# History by record id, which must not change.
FIXED_MODELS = {"retail.audit.log", "retail.import.row"}


class RetailMemberReferences(models.AbstractModel):
    """What refers to a member, in any table: counted, moved to another member, moved back.

    Unlike the stock merge a row that can't move (the other member has its like) doesn't take
    the other rows of its table with it, and everything that happens is noted, so that it can
    be taken back.
    """

    _name = "retail.member.references"
    _description = "References to Members"

    # === CATALOGUE === #

    @ormcache()
    def _columns(self):
        """Return ((table, column, id column or other column, kind), ...) that hold partners.

        Kind is "row" for tables with an id, "link" for the two columns of a many2many.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT rel.relname, col.attname,
                          array_agg(other.attname::text) FILTER (WHERE other.attnum <> col.attnum)
                     FROM pg_constraint con
                     JOIN pg_class rel ON rel.oid = con.conrelid
                     JOIN pg_attribute col
                       ON col.attrelid = con.conrelid AND col.attnum = con.conkey[1]
                     JOIN pg_attribute other
                       ON other.attrelid = con.conrelid AND other.attnum > 0
                      AND NOT other.attisdropped
                    WHERE con.contype = 'f' AND con.confrelid = 'res_partner'::regclass
                      AND array_length(con.conkey, 1) = 1
                 GROUP BY rel.relname, col.attname ORDER BY rel.relname, col.attname"""
            )
        )
        found = []
        for table, column, others in rows:
            if "id" in others:
                found.append((table, column, "id", "row"))
            elif len(others) == 1:
                found.append((table, column, others[0], "link"))
        return tuple(found)

    def _documents(self):
        """Return [(table, model column, id column)] of stored "record of any model" fields."""
        found = []
        for model in self.env.values():
            if model._abstract or model._transient or not model._auto:
                continue
            if model._name in FIXED_MODELS or model._name.startswith("auditlog."):
                continue
            for field in model._fields.values():
                if field.type == "many2one_reference" and field.store and not field.inherited:
                    model_field = model._fields.get(field.model_field)
                    if model_field and model_field.store and model_field.type == "char":
                        found.append((model._table, model_field.name, field.name))
        return found

    def _model_by_table(self):
        return {model._table: model for model in self.env.values() if not model._abstract}

    # === COUNTING === #

    def _count(self, partner_ids):
        """Return {what refers, for people: number of rows} of what forbids to delete partners.

        One query. Many2many links, the partners' own threads and figures don't count; nor do
        links among these partners themselves.
        """
        models_by_table = self._model_by_table()
        parts, labels = [], {}
        for table, column, _key, kind in self._columns():
            model = models_by_table.get(table)
            if kind != "row" or table in OWN_TABLES or model is None or model._transient:
                continue
            itself = SQL(" AND id <> ALL(%s)", partner_ids) if table == "res_partner" else SQL()
            labels[table] = model._description
            parts.append(
                SQL(
                    "SELECT %s, %s, count(*) FROM %s WHERE %s = ANY(%s)%s",
                    table,
                    column,
                    SQL.identifier(table),
                    SQL.identifier(column),
                    partner_ids,
                    itself,
                )
            )
        self.env.flush_all()
        counts = {}
        for table, _column, count in self.env.execute_query(SQL(" UNION ALL ").join(parts)):
            if count:
                label = self.env["ir.model"]._get(models_by_table[table]._name).name
                # A document may name the member in several columns.
                counts[label] = max(counts.get(label, 0), count)
        return counts

    def _describe(self, done):
        """Return what a move did as one line for people: "Sales Order: 2, …"."""
        models_by_table, counts = self._model_by_table(), {}
        for entry in done:
            model = models_by_table.get(entry["table"])
            if "other" in entry or entry["table"] in OWN_TABLES or model is None:
                continue
            if not model._transient:
                label = self.env["ir.model"]._get(model._name).name
                counts[label] = max(counts.get(label, 0), len(entry["moved"]))
        return ", ".join(f"{label}: {count}" for label, count in sorted(counts.items()))

    # === MOVING === #

    def _move(self, loser, survivor):
        """Let everything that refers to one partner refer to another; return what was done.

        The answer is a list of dicts that ``_move_back`` takes.
        """
        self.env.flush_all()
        done = []
        for table, column, other, kind in self._columns():
            if kind == "link":
                entry = self._move_links(table, column, other, loser.id, survivor.id)
            else:
                where = SQL("%s = %s", SQL.identifier(column), loser.id)
                if table == "res_partner":
                    where = SQL("%s AND id <> %s", where, loser.id)
                entry = self._move_rows(table, column, where, survivor.id)
            if entry:
                done.append(entry)
        for table, model_column, column in self._documents():
            where = SQL(
                "%s = 'res.partner' AND %s = %s",
                SQL.identifier(model_column),
                SQL.identifier(column),
                loser.id,
            )
            if table == "ir_attachment":  # pictures are values of the partner, not documents
                where = SQL("%s AND res_field IS NULL", where)
            entry = self._move_rows(table, column, where, survivor.id)
            if entry:
                done.append(entry)
        self.env.invalidate_all()
        return done

    def _move_rows(self, table, column, where, survivor_id):
        name, field = SQL.identifier(table), SQL.identifier(column)
        query = SQL("UPDATE %s SET %s = %s WHERE %s RETURNING id", name, field, survivor_id, where)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                moved, dropped = [row[0] for row in self.env.execute_query(query)], []
        except IntegrityError:
            moved, dropped = self._move_one_by_one(name, field, where, survivor_id)
        if not moved and not dropped:
            return None
        return {"table": table, "column": column, "moved": moved, "dropped": dropped}

    def _move_one_by_one(self, name, field, where, survivor_id):
        """Move rows of which some have their like at the other partner; drop and keep those."""
        moved, dropped = [], []
        rows = self.env.execute_query(SQL("SELECT id FROM %s WHERE %s ORDER BY id", name, where))
        for (row_id,) in rows:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                    self.env.cr.execute(
                        SQL("UPDATE %s SET %s = %s WHERE id = %s", name, field, survivor_id, row_id)
                    )
                moved.append(row_id)
            except IntegrityError:
                query = SQL("DELETE FROM %s t WHERE id = %s RETURNING to_jsonb(t)", name, row_id)
                dropped.append(self.env.execute_query(query)[0][0])
        return moved, dropped

    def _move_links(self, table, column, other, loser_id, survivor_id):
        name, field, other_field = map(SQL.identifier, (table, column, other))
        new = self.env.execute_query(
            SQL(
                """INSERT INTO %(name)s (%(field)s, %(other)s)
                   SELECT %(survivor)s, %(other)s FROM %(name)s WHERE %(field)s = %(loser)s
                   ON CONFLICT DO NOTHING RETURNING %(other)s""",
                name=name,
                field=field,
                other=other_field,
                survivor=survivor_id,
                loser=loser_id,
            )
        )
        old = self.env.execute_query(
            SQL("DELETE FROM %s WHERE %s = %s RETURNING %s", name, field, loser_id, other_field)
        )
        if not old:
            return None
        new = {row[0] for row in new}
        return {
            "table": table,
            "column": column,
            "other": other,
            "linked": sorted(new),
            "shared": sorted({row[0] for row in old} - new),
        }

    # === MOVING BACK === #

    def _move_back(self, done, loser_id, survivor_id):
        """Take a move back, but for what has gone elsewhere since."""
        self.env.flush_all()
        known = set(self._columns_by_name())
        for entry in reversed(done):
            if (entry["table"], entry["column"]) not in known:
                continue  # the addon that had the table is gone
            if "other" in entry:
                self._link_back(entry, loser_id, survivor_id)
            else:
                self._rows_back(entry, loser_id, survivor_id)
        self.env.invalidate_all()

    def _columns_by_name(self):
        yield from ((table, column) for table, column, _other, _kind in self._columns())
        yield from ((table, column) for table, _model_column, column in self._documents())

    def _rows_back(self, entry, loser_id, survivor_id):
        name, field = SQL.identifier(entry["table"]), SQL.identifier(entry["column"])
        self._try(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s) AND %s = %s",
                name,
                field,
                loser_id,
                entry["moved"],
                field,
                survivor_id,
            )
        )
        for row in entry["dropped"]:
            self._insert(entry["table"], row)

    def _link_back(self, entry, loser_id, survivor_id):
        name, field, other = map(SQL.identifier, (entry["table"], entry["column"], entry["other"]))
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = %s AND %s = ANY(%s)",
                name,
                field,
                survivor_id,
                other,
                entry["linked"],
            )
        )
        for value in entry["linked"] + entry["shared"]:
            self._try(
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    name,
                    field,
                    other,
                    loser_id,
                    value,
                )
            )

    def _insert(self, table, row):
        """Insert a row as it was; return whether it could be."""
        name = SQL.identifier(table)
        return self._try(
            SQL(
                "INSERT INTO %s SELECT * FROM jsonb_populate_record(NULL::%s, %s::jsonb)",
                name,
                name,
                json.dumps(row),
            )
        )

    def _try(self, query):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query)
        except IntegrityError:  # what it refers to is gone, or has its like
            return False
        return True

    # === THE PARTNER'S OWN ROW === #

    def _row(self, partner):
        """Return the partner's columns as they stand in the table."""
        self.env.flush_all()
        query = SQL("SELECT to_jsonb(p) FROM res_partner p WHERE id = %s", partner.id)
        return self.env.execute_query(query)[0][0]

    def _kept_rows(self, partner):
        """Return [(table, row)] of what is deleted along with the partner."""
        rows = []
        for table in KEPT_TABLES:
            query = SQL(
                "SELECT to_jsonb(t) FROM %s t WHERE partner_id = %s",
                SQL.identifier(table),
                partner.id,
            )
            rows += [(table, row[0]) for row in self.env.execute_query(query)]
        return rows

    def _insert_partner(self, row):
        """Make a partner again with the old id; what its columns refer to may be gone."""
        row = dict(row)
        targets = self.env.execute_query(
            SQL(
                """SELECT col.attname, target.relname
                     FROM pg_constraint con
                     JOIN pg_class target ON target.oid = con.confrelid
                     JOIN pg_attribute col
                       ON col.attrelid = con.conrelid AND col.attnum = con.conkey[1]
                    WHERE con.contype = 'f' AND con.conrelid = 'res_partner'::regclass"""
            )
        )
        for column, table in targets:
            if not row.get(column) or (table == "res_partner" and row[column] == row["id"]):
                continue
            query = SQL("SELECT FROM %s WHERE id = %s", SQL.identifier(table), row[column])
            self.env.cr.execute(query)
            if not self.env.cr.rowcount:
                row[column] = None
        if not row["commercial_partner_id"]:
            row["commercial_partner_id"] = row["id"]
        restored = self._insert("res_partner", row)
        self.env.invalidate_all()
        return restored
