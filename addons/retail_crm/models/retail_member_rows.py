from odoo.tools import SQL


def merge_rows(model, columns, wanted, among=None):
    """Return the statement that brings a table of one row per member and company up to date.

    ``wanted`` is a query or a table (SQL) with partner_id, company_id and ``columns``; ``among``
    a condition on partner_id that limits the rows that may go. Rows that are right already are
    not written. The statement gives one number: the rows that changed.
    """
    names = [SQL.identifier(name) for name in columns]
    return SQL(
        """
        WITH wanted AS MATERIALIZED (%(wanted)s),
        gone AS (
            DELETE FROM %(table)s kept WHERE %(among)s AND NOT EXISTS (
                SELECT 1 FROM wanted w
                 WHERE w.partner_id = kept.partner_id AND w.company_id = kept.company_id
            ) RETURNING 1
        ),
        written AS (
            INSERT INTO %(table)s
                   (partner_id, company_id, %(columns)s,
                    create_uid, create_date, write_uid, write_date)
            SELECT w.partner_id, w.company_id, %(incoming)s, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM wanted w
              LEFT JOIN %(table)s old
                     ON old.partner_id = w.partner_id AND old.company_id = w.company_id
             WHERE old.id IS NULL OR (%(old)s) IS DISTINCT FROM (%(incoming)s)
             ORDER BY w.partner_id, w.company_id
                ON CONFLICT (partner_id, company_id) DO UPDATE
               SET %(set)s, write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
         RETURNING 1
        )
        SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone)
        """,
        wanted=wanted,
        table=SQL.identifier(model._table),
        among=among or SQL("TRUE"),
        columns=SQL(", ").join(names),
        incoming=SQL(", ").join(SQL("w.%s", name) for name in names),
        old=SQL(", ").join(SQL("old.%s", name) for name in names),
        set=SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
        uid=model.env.uid,
        now=model.env.cr.now(),
    )
