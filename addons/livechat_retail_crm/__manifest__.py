{
    "name": "Retail Requests from Live Chat",
    "summary": "Live chats become complaints and questions, with what was said",
    "version": "19.0.1.0.0",
    "category": "Sales/Retail",
    "author": "Daogou",
    "license": "AGPL-3",
    "depends": ["retail_crm", "im_livechat"],
    "auto_install": ["retail_crm", "im_livechat"],
    "data": [
        "security/retail_crm_roles.xml",
        "data/retail_communication_data.xml",
        "views/discuss_channel_views.xml",
        "views/helpdesk_ticket_views.xml",
        "views/livechat_retail_crm_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": ["livechat_retail_crm/static/src/core/**/*"],
    },
}
