"""Stores of the demo shop: a warehouse each, with its till and its ways to pay."""

from odoo.fields import Command

from . import sheets
from .load_company import TIME_ZONE

OPENING, CLOSING = 9.0, 21.0


def _opening_hours(env, time_zone):
    """Return the calendar of stores: every day of the week."""
    return env["resource.calendar"].create(
        {
            "name": "Store Hours",
            "tz": time_zone,
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": "Open",
                        "dayofweek": str(day),
                        "hour_from": OPENING,
                        "hour_to": CLOSING,
                        "day_period": "morning",
                    }
                )
                for day in range(7)
            ],
        }
    )


def make_stores(env, path):
    """Create the stores of the file as warehouses with region, address and clock. Return a list."""
    regions = {}
    stores = []
    calendar = _opening_hours(env, TIME_ZONE)
    spare = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    for row in sheets.rows(path):
        name = row["Region"]
        if name not in regions:
            regions[name] = env["retail.region"].create({"name": name})
        partner = env["res.partner"].create(
            {
                "name": f"{env.company.name}, {row['Name']}",
                "is_company": True,
                "type": "other",
                "parent_id": env.company.partner_id.id,
                "street": row["Street"],
                "city": row["City"],
                "zip": row["Postal Code"],
                "country_id": env["res.country"].search([("code", "=", row["Country"])]).id,
                "phone": row["Phone"],
                "tz": row["Time Zone"],
                "partner_latitude": row["Latitude"],
                "partner_longitude": row["Longitude"],
            }
        )
        values = {
            "name": row["Name"],
            "code": row["Code"],
            "partner_id": partner.id,
            "is_store": True,
            "retail_region_id": regions[name].id,
            "retail_tz": row["Time Zone"],
            "retail_calendar_id": calendar.id,
        }
        if spare and not stores:
            spare.write(values)  # the company's first warehouse becomes the first store
            stores.append(spare)
        else:
            stores.append(env["stock.warehouse"].create(values))
    return stores


def make_tills(env, stores):
    """Create one till per store: cash of its own, card shared. Return them in order of stores."""
    card = env["pos.payment.method"].create(
        {
            "name": "Card",
            "journal_id": env["account.journal"]
            .search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
            .id,
            "sequence": 2,
        }
    )
    tills = env["pos.config"]
    for number, store in enumerate(stores, start=1):
        cash_journal = env["account.journal"].create(
            {"name": f"Cash {store.name}", "type": "cash", "code": f"CSH{number}"}
        )
        cash = env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cash_journal.id, "sequence": 1}
        )
        tills |= env["pos.config"].create(
            {
                "name": f"Till {store.name}",
                "picking_type_id": store.pos_type_id.id,
                "payment_method_ids": [Command.set([cash.id, card.id])],
            }
        )
    return tills
