# What the roles of retail_crm get from this bridge, see security/retail_crm_roles.xml.
TILL_ROLES = {
    "retail_crm.role_cashier": "point_of_sale.group_pos_user",
    "retail_crm.role_store_manager": "point_of_sale.group_pos_manager",
    "retail_crm.role_admin": "point_of_sale.group_pos_manager",
}


def uninstall_hook(env):
    """Take the rights at tills from the roles again: the roles stay, they are retail_crm's."""
    for role_xmlid, group_xmlid in TILL_ROLES.items():
        role = env.ref(role_xmlid, raise_if_not_found=False)
        group = env.ref(group_xmlid, raise_if_not_found=False)
        if role and group:
            role.implied_ids -= group
