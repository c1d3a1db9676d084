import { normalize } from "@web/core/l10n/utils";

const MARK_DIGITS = 8;
const MARK_BITS = 10;
const LAST_DIGITS = 4;

/**
 * A short hash of the end of a phone number, false for what is no whole number.
 *
 * Twin: phone_mark in models/res_partner.py
 */
export function phoneMark(text) {
    const digits = String(text || "").replace(/\D/g, "").slice(-MARK_DIGITS);
    if (digits.length < MARK_DIGITS) {
        return false;
    }
    let value = 0x811c9dc5;
    for (const char of digits) {
        value = Math.imul(value ^ char.charCodeAt(0), 0x01000193) >>> 0;
    }
    return value & ((1 << MARK_BITS) - 1);
}

/** What a cashier typed, once in each form in which members are compared with it. */
export function parseTerm(query) {
    const word = normalize((query || "").trim());
    const squeezed = word.replace(/\s/g, "");
    const isNumber = /^[+\d\s().-]+$/.test(word);
    const digits = isNumber ? word.replace(/\D/g, "") : "";
    return {
        word,
        squeezed,
        digits,
        letters: /^[a-z]{2,}$/.test(squeezed) ? squeezed : "",
        mark: isNumber ? phoneMark(digits) : false,
    };
}

function lastDigits(member) {
    return (member.phone || "").replace(/\D/g, "").slice(-LAST_DIGITS);
}

/** Whether the term is the member's whole card, barcode or phone. */
export function isMember(member, term) {
    const codes = [member.member_code, member.barcode].filter(Boolean).map(normalize);
    return (
        codes.includes(term.word) ||
        (term.mark !== false &&
            term.mark === member._retail_mark &&
            term.digits.endsWith(lastDigits(member)))
    );
}

/** Whether the term finds the member: a name, its letters, the end of a phone, a card. */
export function findsMember(member, term) {
    const texts = [member.name, member.parent_name, member.member_code, member.barcode];
    return (
        texts.some((text) => text && normalize(text).includes(term.word)) ||
        Boolean(term.letters && (member._retail_letters || "").includes(` ${term.letters}`)) ||
        (term.digits.length === LAST_DIGITS && term.digits === lastDigits(member)) ||
        (Boolean(term.squeezed) && member._retail_found === term.squeezed) ||
        isMember(member, term)
    );
}
