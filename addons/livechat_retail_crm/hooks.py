# What the roles of retail_crm get from this bridge, see security/retail_crm_roles.xml.
CHAT_ROLES = {
    "retail_crm.role_service": "im_livechat.im_livechat_group_user",
    "retail_crm.role_store_manager": "im_livechat.im_livechat_group_user",
    "retail_crm.role_admin": "im_livechat.im_livechat_group_manager",
}


def uninstall_hook(env):
    """Take the rights on live chat from the roles again: the roles stay, they are retail_crm's."""
    for role_xmlid, group_xmlid in CHAT_ROLES.items():
        role = env.ref(role_xmlid, raise_if_not_found=False)
        group = env.ref(group_xmlid, raise_if_not_found=False)
        if role and group:
            role.implied_ids -= group
