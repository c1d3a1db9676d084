"""Each addon uninstalls cleanly: nothing of it is left in the database."""

import pytest

from cli import databases, paths, server

# Lowest last: each step leaves a suite that still works.
ORDER = (
    "livechat_retail_crm",
    "pos_retail_guide",
    "pos_retail_promo",
    "pos_retail_crm",
    "retail_order",
    "retail_guide",
    "retail_promo",
    "retail_crm",
)


def rests(cluster, database: str, addon: str) -> dict[str, list[str]]:
    """What a module left behind: records it owned, tables and columns of its models."""
    return {
        "records": cluster.sql(
            f"SELECT model || ' ' || name FROM ir_model_data WHERE module = '{addon}'", database
        ),
        "tables": [] if addon != "retail_crm" else cluster.sql(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'retail\\_%'", database
        ),
        "columns": [] if addon != "retail_crm" else cluster.sql(
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "WHERE column_name LIKE 'retail\\_%' AND table_schema = 'public'", database
        ),
        "crons": cluster.sql(
            "SELECT cron_name FROM ir_cron c JOIN ir_act_server a ON a.id = c.ir_actions_server_id "
            f"JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id "
            f"WHERE d.module = '{addon}'", database
        ),
    }  # fmt: skip


def test_uninstalled_one_by_one_nothing_is_left(cluster, database, shell):
    assert sorted(ORDER) == paths.own_addons()
    for addon in ORDER:
        shell(f"env['ir.module.module'].search([('name', '=', '{addon}')])"
              ".button_immediate_uninstall()")  # fmt: skip
        assert rests(cluster, database, addon) == {
            "records": [], "tables": [], "columns": [], "crons": []
        }  # fmt: skip
    shell("assert env['sale.order'].search_count([]) == 0\n"
          "env['res.partner'].create({'name': 'still works'})")  # fmt: skip


@pytest.mark.parametrize("addon", ["retail_crm"])
def test_the_floor_takes_the_house_with_it(cluster, database, shell, addon):
    """Uninstalling the ground floor uninstalls what stands on it, and Odoo still starts."""
    shell(f"env['ir.module.module'].search([('name', '=', '{addon}')])"
          ".button_immediate_uninstall()")  # fmt: skip
    installed = cluster.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", database)
    assert not set(installed) & set(paths.own_addons())
    assert set(databases.dependencies(paths.own_addons())) <= set(installed)
    log = paths.run_folder() / "uninstalled.log"
    with server.serving(cluster, database, server.free_port(), log):
        pass
