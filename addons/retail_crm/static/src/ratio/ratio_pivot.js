import { registry } from "@web/core/registry";
import { NONE } from "@retail_crm/ratio/ratio";
import { PivotModel } from "@web/views/pivot/pivot_model";
import { pivotView } from "@web/views/pivot/pivot_view";

/** Exports ratios that don't exist as the dash that is shown, not as FALSE. */
export class RatioPivotModel extends PivotModel {
    exportData() {
        const data = super.exportData();
        for (const cell of data.rows.flatMap((row) => row.values)) {
            if (cell.value === false) {
                cell.value = NONE;
            }
        }
        return data;
    }
}

registry.category("views").add("retail_ratio_pivot", { ...pivotView, Model: RatioPivotModel });
