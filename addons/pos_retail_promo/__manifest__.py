{
    "name": "Retail Promotions at the Till",
    "summary": "Promotions evaluated in the till, also offline, and checked by the server",
    "version": "19.0.1.0.0",
    "category": "Sales/Retail",
    "author": "Daogou",
    "license": "AGPL-3",
    "depends": ["retail_promo", "point_of_sale", "pos_loyalty", "pos_sale"],
    "auto_install": ["retail_promo", "point_of_sale"],
    "data": [
        "security/ir.model.access.csv",
        "views/pos_order_views.xml",
        "views/report_saledetails.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "retail_promo/static/src/promo_engine/**/*",
            "pos_retail_promo/static/src/app/**/*",
        ],
        "web.assets_tests": ["pos_retail_promo/static/tests/tours/**/*"],
        "web.assets_unit_tests": ["pos_retail_promo/static/tests/unit/**/*"],
    },
}
