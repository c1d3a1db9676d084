import { Component, onWillUnmount, useEffect } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const POLL_MILLISECONDS = 2000;
const BUSY_STATES = ["queued", "running"];

/**
 * A progress bar that reads its record again while the record's import runs.
 */
export class ImportProgress extends Component {
    static template = "retail_crm.ImportProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.timer = null;
        useEffect(
            () => this.poll(),
            () => [this.isBusy, this.props.record.resId]
        );
        onWillUnmount(() => this.stop());
    }

    get isBusy() {
        return BUSY_STATES.includes(this.props.record.data.state);
    }

    get percent() {
        return Math.round(this.props.record.data[this.props.name]);
    }

    get color() {
        return this.props.record.data.error_count ? "text-bg-warning" : "text-bg-success";
    }

    poll() {
        this.stop();
        if (this.isBusy && this.props.record.resId) {
            this.timer = browser.setTimeout(() => this.refresh(), POLL_MILLISECONDS);
        }
    }

    async refresh() {
        if (!(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
        this.poll();
    }

    stop() {
        browser.clearTimeout(this.timer);
    }
}

export const importProgress = {
    component: ImportProgress,
    displayName: _t("Import Progress"),
    supportedTypes: ["float", "integer"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "error_count", type: "integer" },
    ],
};

registry.category("fields").add("retail_import_progress", importProgress);
