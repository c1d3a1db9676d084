{
    "name": "Retail Shopping Guide at the Till",
    "summary": "Recommends products at the till, offline too",
    "version": "19.0.1.0.0",
    "category": "Sales/Retail",
    "author": "Daogou",
    "license": "AGPL-3",
    "depends": ["retail_guide", "point_of_sale"],
    "auto_install": ["retail_guide", "point_of_sale"],
    "assets": {
        "point_of_sale._assets_pos": [
            "pos_retail_guide/static/src/**/*",
        ],
        "web.assets_tests": [
            "pos_retail_guide/static/tests/tours/*.js",
        ],
        "web.assets_unit_tests": [
            "pos_retail_guide/static/tests/unit/**/*.js",
        ],
    },
}
