from odoo.tools import SQL

# Where the requests go when the steps of complaints leave with the addon.
STAGE_AFTER = {
    "new": "helpdesk_mgmt.helpdesk_ticket_stage_new",
    "accepted": "helpdesk_mgmt.helpdesk_ticket_stage_in_progress",
    "investigating": "helpdesk_mgmt.helpdesk_ticket_stage_in_progress",
    "solution_proposed": "helpdesk_mgmt.helpdesk_ticket_stage_awaiting",
    "resolved": "helpdesk_mgmt.helpdesk_ticket_stage_done",
    "closed": "helpdesk_mgmt.helpdesk_ticket_stage_done",
    "invalid": "helpdesk_mgmt.helpdesk_ticket_stage_rejected",
}


def uninstall_hook(env):
    """Release what other addons' documents hold of our data, so that nothing stays behind."""
    env.flush_all()
    _move_tickets(env)
    _release_channels(env)
    env.invalidate_all()


def _move_tickets(env):
    """Turn requests into plain tickets in the helpdesk's own stages.

    By SQL: as requests they would refuse the move, and no customer shall get a mail for it.
    """
    for code, xml_id in STAGE_AFTER.items():
        stage = env.ref(xml_id, raise_if_not_found=False)
        if not stage:
            continue
        env.cr.execute(
            SQL(
                """UPDATE helpdesk_ticket ticket SET stage_id = %s
                     FROM helpdesk_ticket_stage stage
                    WHERE stage.id = ticket.stage_id AND stage.retail_code = %s""",
                stage.id,
                code,
            )
        )


def _release_channels(env):
    """Orders and sold lines forget the channels that this addon made."""
    ours = SQL(
        """(SELECT res_id FROM ir_model_data
             WHERE module = 'retail_crm' AND model = 'sale.channel')"""
    )
    for table, column in (("sale_order", "sale_channel_id"), ("retail_sale_fact", "channel_id")):
        column = SQL.identifier(column)
        env.cr.execute(
            SQL(
                "UPDATE %s SET %s = NULL WHERE %s IN %s",
                SQL.identifier(table),
                column,
                column,
                ours,
            )
        )
