import { Component } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Lists what was found in a text; a click takes it over into the field it belongs to.
 */
export class Proposals extends Component {
    static template = "retail_crm.Proposals";
    static props = { ...standardFieldProps };

    get proposals() {
        return this.props.record.data[this.props.name] || [];
    }

    async accept(proposal) {
        const { record } = this.props;
        if (record.fields[proposal.field].type === "many2many") {
            await record.data[proposal.field].addAndRemove({ add: [proposal.value] });
        } else {
            await record.update({ [proposal.field]: this.toValue(proposal) });
        }
    }

    toValue({ field, value }) {
        const isDate = this.props.record.fields[field].type === "date";
        return isDate ? deserializeDate(value) : value;
    }
}

export const proposals = {
    component: Proposals,
    displayName: _t("Proposals"),
    supportedTypes: ["json"],
};

registry.category("fields").add("retail_proposals", proposals);
