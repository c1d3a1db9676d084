import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

export const NONE = "-";

/** A ratio of which nothing can be said, such as a return on no cost, is a dash: it isn't zero. */
export function formatRatio(value, options) {
    return typeof value === "number" ? formatFloat(value, options) : NONE;
}
formatRatio.extractOptions = formatFloat.extractOptions;

/** Ratios are of groups: a single row has none. */
export class RatioField extends FloatField {
    get formattedValue() {
        return this.props.record.data[this.props.name] ? super.formattedValue : NONE;
    }
}

registry.category("formatters").add("retail_ratio", formatRatio);
registry.category("fields").add("retail_ratio", { ...floatField, component: RatioField });
