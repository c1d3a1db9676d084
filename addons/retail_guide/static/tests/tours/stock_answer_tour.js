import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("retail_guide_stock_answer", {
    steps: () => [
        {
            content: "look for it by its mnemonic code",
            trigger: ".o_searchview_input",
            run: "edit zq",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(zq)",
            run: "click",
        },
        {
            trigger: ".o_searchview_facet:contains(zq)",
        },
        {
            content: "the line says whether we have it, and where",
            trigger:
                ".o_data_row:contains(长裙):contains(Tour Near 3) .o_data_cell[name=display_name]",
            run: "click",
        },
        {
            content: "the form says so in full",
            trigger: ".o_retail_stock_headline:contains(No: Tour Home has none.)",
        },
        {
            content: "one click asks the nearest store for it",
            trigger: ".o_retail_stock_store:contains(Tour Near) .o_retail_stock_ask",
            run: "click",
        },
        {
            content: "the request stands where the button was",
            trigger: ".o_retail_stock_store:contains(Tour Near):contains(Asked for 1)",
        },
    ],
});
