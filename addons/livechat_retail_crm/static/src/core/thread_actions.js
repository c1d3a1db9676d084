import { LivechatCommandDialog } from "@im_livechat/core/common/livechat_command_dialog";
import { registerThreadAction } from "@mail/core/common/thread_actions";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";

// The button beside the chat's name: it asks for the subject and sends the command.
registerThreadAction("retail-request", {
    actionPanelComponent: LivechatCommandDialog,
    actionPanelComponentProps: ({ action }) => ({
        close: () => action.close(),
        commandName: "request",
        icon: "fa fa-ticket",
        placeholderText: _t("e.g. Delivery of the sofa"),
        title: _t("Open Request"),
    }),
    close: ({ action }) => action.popover?.close(),
    condition: ({ owner, store, thread }) =>
        thread?.channel_type === "livechat" &&
        store.has_access_retail_request &&
        !owner.isDiscussSidebarChannelActions,
    icon: "fa fa-ticket",
    name: _t("Open Request"),
    open({ owner, thread }) {
        this.popover?.open(owner.root.el.querySelector(`[name="${this.id}"]`), {
            thread,
            ...this.actionPanelComponentProps,
        });
    },
    panelOuterClass: "bg-100",
    sequence: 11,
    sequenceGroup: 25,
    setup({ owner }) {
        if (!owner.env.inChatWindow) {
            this.popover = usePopover(LivechatCommandDialog, {
                onClose: () => this.close(),
                popoverClass: this.panelOuterClass,
            });
        }
    },
    toggle: true,
});
