import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const commands = registry.category("discuss.channel_commands");
const offered = {
    channel_types: ["livechat"],
    condition: ({ store }) => store.has_access_retail_request,
};

commands.add("request", {
    ...offered,
    help: _t("Open a request: /request what it is about"),
    methodName: "execute_command_request",
});
commands.add("complaint", {
    ...offered,
    help: _t("Open a complaint: /complaint what it is about"),
    methodName: "execute_command_complaint",
});
commands.add("aftersales", {
    ...offered,
    help: _t("Open an after-sales request: /aftersales what it is about"),
    methodName: "execute_command_aftersales",
});
