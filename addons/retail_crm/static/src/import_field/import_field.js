import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";

/**
 * Chooses what a column of an imported file holds, among the choices that the record brings.
 */
export class ImportField extends SelectionField {
    get options() {
        return this.props.record.data.field_choices || [];
    }

    get string() {
        const value = this.props.record.data[this.props.name];
        const option = this.options.find((choice) => choice[0] === value);
        return option ? option[1] : value || "";
    }

    get value() {
        return this.props.record.data[this.props.name] || false;
    }

    onChange(value) {
        this.props.record.update({ [this.props.name]: value || false });
    }
}

export const importField = {
    ...selectionField,
    component: ImportField,
    displayName: _t("Import Field"),
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "field_choices", type: "json" }],
};

registry.category("fields").add("retail_import_field", importField);
