import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/** The figures of a guide's morning, above the list of what is due; a click opens what is counted. */
export class MyWorkFigures extends Component {
    static template = "retail_crm.MyWorkFigures";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ figures: [] });
        onWillStart(() => this.load());
        // The list is read again after each change: so are the figures.
        onWillUpdateProps(() => this.load());
    }

    async load() {
        this.state.figures = await this.orm.call("retail.care.task", "my_work", []);
    }

    open(figure) {
        this.action.doAction(figure.action);
    }
}

export class MyWorkRenderer extends ListRenderer {
    static template = "retail_crm.MyWorkRenderer";
    static components = { ...ListRenderer.components, MyWorkFigures };
}

registry.category("views").add("retail_my_work", { ...listView, Renderer: MyWorkRenderer });
