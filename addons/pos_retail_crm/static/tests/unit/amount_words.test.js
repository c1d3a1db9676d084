import { expect, test } from "@odoo/hoot";
import { chineseAmount, englishAmount, englishNumber } from "@pos_retail_crm/app/utils/amount_words";
import { AMOUNT_WORDS } from "./amount_words.vectors";

test("numbers in English are those of num2words", () => {
    for (const [number, words] of Object.entries(AMOUNT_WORDS.en)) {
        expect(englishNumber(Number(number))).toBe(words);
    }
});

test("amounts in Chinese capitals are those of cn2an", () => {
    for (const [amount, words] of Object.entries(AMOUNT_WORDS.zh)) {
        expect(chineseAmount(Number(amount))).toBe(words);
    }
});

test("amounts are rounded, signed and have the currency's units", () => {
    const dollars = { decimals: 2, unit: "Dollars", subunit: "Cents" };
    expect(englishAmount(12.05, dollars)).toBe("Twelve Dollars and Five Cents");
    expect(englishAmount(-1.005, dollars)).toBe("Minus One Dollars and One Cents");
    expect(englishAmount(0.1 + 0.2, dollars)).toBe("Zero Dollars and Thirty Cents");
    expect(englishAmount(1105, { decimals: 0, unit: "Yen" })).toBe(
        "One Thousand, One Hundred And Five Yen"
    );
    expect(chineseAmount(12345.675)).toBe("壹万贰仟叁佰肆拾伍元陆角捌分");
    expect(chineseAmount(-20.3)).toBe("负贰拾元叁角");
    expect(chineseAmount(-0.001)).toBe("零元整");
});
