import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { TextField, textField } from "@web/views/fields/text/text_field";

// What the browser's own recogniser answers when it can't work.
const FAILURES = {
    "audio-capture": _t("No microphone was found. Type the text."),
    "not-allowed": _t("The browser may not use the microphone: allow it, or type the text."),
    "service-not-allowed": _t("This browser doesn't allow dictation. Type the text."),
    network: _t("The browser's speech service can't be reached from here. Type the text."),
    "language-not-supported": _t("The browser can't listen in your language. Type the text."),
};

/**
 * Returns the text with what was dictated at its end, with a space between Latin words.
 */
export function appendDictated(text, dictated) {
    const said = dictated.trim();
    const needsSpace = /[^\s]$/.test(text) && !/[\u3000-\u9fff\uff00-\uffef]$/.test(text);
    return said ? text + (needsSpace ? " " : "") + said : text;
}

/**
 * A text field with a button to dictate, where the browser can listen. Typing always works.
 */
export class DictationText extends Component {
    static template = "retail_crm.DictationText";
    static components = { TextField };
    static props = TextField.props;
    static defaultProps = TextField.defaultProps;

    setup() {
        this.state = useState({ listening: false, heard: "", failure: "" });
        this.recognition = null;
        onWillUnmount(() => this.recognition?.abort());
    }

    get Recognition() {
        return window.SpeechRecognition || window.webkitSpeechRecognition;
    }

    get title() {
        if (!this.Recognition) {
            return _t("This browser can't listen: type the text, or use Chrome, Edge or Safari.");
        }
        return this.state.listening ? _t("Stop dictating") : _t("Dictate");
    }

    toggle() {
        if (this.state.listening) {
            this.recognition.stop();
        } else {
            this.start();
        }
    }

    start() {
        this.recognition = new this.Recognition();
        Object.assign(this.recognition, {
            lang: user.lang || "en-US",
            continuous: true,
            interimResults: true,
            onresult: (ev) => this.onResult(ev),
            onerror: (ev) => this.onError(ev),
            onend: () => this.onEnd(),
        });
        Object.assign(this.state, { listening: true, heard: "", failure: "" });
        this.recognition.start();
    }

    onResult(ev) {
        const results = [...ev.results].slice(ev.resultIndex);
        const said = results.filter((result) => result.isFinal);
        const heard = results.filter((result) => !result.isFinal);
        this.state.heard = heard.map((result) => result[0].transcript).join("");
        const dictated = said.map((result) => result[0].transcript).join("");
        if (dictated) {
            const text = this.props.record.data[this.props.name] || "";
            this.props.record.update({ [this.props.name]: appendDictated(text, dictated) });
        }
    }

    onError(ev) {
        if (!["no-speech", "aborted"].includes(ev.error)) {
            this.state.failure = FAILURES[ev.error] || _t("Dictation failed. Type the text.");
        }
    }

    onEnd() {
        Object.assign(this.state, { listening: false, heard: "" });
    }
}

export const dictationText = {
    ...textField,
    component: DictationText,
    displayName: _t("Text with Dictation"),
    supportedTypes: ["text"],
};

registry.category("fields").add("retail_dictation_text", dictationText);
