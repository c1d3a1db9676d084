import { registry } from "@web/core/registry";

const card = (name) =>
    `.o_retail_recommendation:has(.o_retail_recommendation_name:contains("${name}"))`;

registry.category("web_tour.tours").add("retail_guide_order", {
    steps: () => [
        {
            content: "choose the member",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Tour Member",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Member)",
            run: "click",
        },
        {
            content: "what the member buys again is told with its reason, price and stock",
            trigger: `${card("Tour Tea")}:contains(You bought it 2 times):contains(7 free here)`,
        },
        {
            content: "one click adds it",
            trigger: `${card("Tour Tea")} .o_retail_recommendation_add`,
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(Tour Tea)",
        },
        {
            content: "the list follows: what goes with it comes, what is in the order goes",
            trigger: `.o_retail_recommendations:not(:has(${card("Tour Tea")})) ${card("Tour Milk")}:contains(Often bought with Tour Tea)`,
        },
        {
            content: "the customer doesn't want it",
            trigger: `${card("Tour Milk")} .o_retail_recommendation_refuse`,
            run: "click",
        },
        {
            trigger: `.o_retail_recommendations:not(:has(${card("Tour Milk")}))`,
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "confirm",
            trigger: ".o_statusbar_buttons button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "a confirmed order shows no more recommendations",
            trigger: ".o_form_view:not(:has(.o_retail_recommendations)) .o_arrow_button_current:contains(Sales Order)",
        },
    ],
});
