{
    "name": "Retail Members at the Till",
    "summary": "Member class and card, complaints and sales facts in Point of Sale",
    "version": "19.0.1.0.0",
    "category": "Sales/Retail",
    "author": "Daogou",
    "license": "AGPL-3",
    "depends": ["retail_crm", "point_of_sale", "pos_sale"],
    "auto_install": ["retail_crm", "point_of_sale"],
    "data": [
        "security/retail_crm_roles.xml",
        "security/ir.model.access.csv",
        "views/helpdesk_ticket_views.xml",
        "views/pos_order_views.xml",
        "views/retail_communication_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "point_of_sale._assets_pos": ["pos_retail_crm/static/src/app/**/*"],
        "web.assets_tests": ["pos_retail_crm/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["pos_retail_crm/static/tests/unit/**/*"],
    },
}
