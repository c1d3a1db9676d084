/**
 * Amounts in words for the receipt, computed at the till: there is no server offline.
 *
 * The vectors of static/tests/unit/amount_words.vectors.js hold what num2words (English) and
 * cn2an (Chinese capitals) say; tests on both sides compare with them.
 */
const SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
];
const TENS = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const SCALES = ["", " thousand", " million", " billion"];
const CAPITALS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿"];
/** From here on nothing is said in words: no receipt comes to it. */
export const WORDS_LIMIT = 10 ** 12;

function belowHundred(number) {
    if (number < 20) {
        return SMALL[number];
    }
    const ones = number % 10;
    return TENS[Math.floor(number / 10)] + (ones ? `-${SMALL[ones]}` : "");
}

function belowThousand(number) {
    const hundreds = Math.floor(number / 100);
    const rest = number % 100;
    const parts = hundreds ? [`${SMALL[hundreds]} hundred`] : [];
    if (rest) {
        parts.push(belowHundred(rest));
    }
    return parts.join(" and ");
}

/** A whole number below WORDS_LIMIT in English, as num2words says it. */
export function englishNumber(number) {
    if (number === 0) {
        return SMALL[0];
    }
    const groups = [];
    for (let rest = number; rest > 0; rest = Math.floor(rest / 1000)) {
        groups.push(rest % 1000);
    }
    const words = [];
    for (let place = groups.length - 1; place >= 0; place--) {
        if (groups[place]) {
            words.push({ text: belowThousand(groups[place]) + SCALES[place], number: groups[place] });
        }
    }
    const last = words.pop();
    const head = words.map((word) => word.text).join(", ");
    if (!head) {
        return last.text;
    }
    // "one thousand and five", but "one thousand, one hundred and five"
    const joint = groups[0] && groups[0] < 100 ? " and " : ", ";
    return head + joint + last.text;
}

/** A whole number below WORDS_LIMIT in Chinese capitals, as cn2an writes it. */
export function chineseNumber(number) {
    const groups = [];
    for (let rest = number; rest > 0; rest = Math.floor(rest / 10000)) {
        groups.push(rest % 10000);
    }
    let text = "";
    for (let place = groups.length - 1; place >= 0; place--) {
        const digits = String(groups[place]).padStart(4, "0");
        let written = false;
        let gap = false;
        for (let position = 0; position < 4; position++) {
            const digit = Number(digits[position]);
            if (!digit) {
                gap = Boolean(text);
                continue;
            }
            text += (gap ? "零" : "") + CAPITALS[digit] + PLACES[3 - position];
            gap = false;
            written = true;
        }
        if (written) {
            text += GROUPS[place];
        }
    }
    return text;
}

/** Minor units of an amount, rounded half away from zero, and its sign. */
function split(amount, decimals) {
    const factor = 10 ** decimals;
    const minor = Math.round(Number((Math.abs(amount) * factor).toFixed(4)));
    return {
        negative: amount < 0 && minor > 0,
        whole: Math.floor(minor / factor),
        fraction: minor % factor,
    };
}

function title(text) {
    return text.replace(/(^|[\s-])[a-z]/g, (letters) => letters.toUpperCase());
}

/**
 * An amount in English: "Twelve Dollars and Five Cents".
 *
 * unit, subunit: names of the currency's units, such as "Dollars" and "Cents".
 */
export function englishAmount(amount, { decimals, unit, subunit }) {
    const { negative, whole, fraction } = split(amount, decimals);
    const words = `${negative ? "Minus " : ""}${title(englishNumber(whole))} ${unit}`;
    return fraction ? `${words} and ${title(englishNumber(fraction))} ${subunit}` : words;
}

/** An amount in Chinese capitals: 壹拾贰元零伍分, 叁佰元整. */
export function chineseAmount(amount) {
    const { negative, whole, fraction } = split(amount, 2);
    const jiao = Math.floor(fraction / 10);
    const fen = fraction % 10;
    let text = whole ? `${chineseNumber(whole)}元` : "";
    if (!fraction) {
        text = whole ? `${text}整` : "零元整";
    } else {
        if (jiao) {
            text += `${CAPITALS[jiao]}角`;
        } else if (whole) {
            text += "零";
        }
        text += fen ? `${CAPITALS[fen]}分` : "";
    }
    return (negative ? "负" : "") + text;
}
