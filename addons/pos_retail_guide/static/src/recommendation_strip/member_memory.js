/**
 * What the server told of members at this till, for the time without a connection.
 *
 * It lies in the browser's own storage: of few members, and for some days only.
 */
import { browser } from "@web/core/browser/browser";

const MOST_MEMBERS = 100;
const LONGEST_MS = 7 * 24 * 3600 * 1000;

function read(config) {
    const text = browser.localStorage.getItem(`retail_guide_members_${config.id}`);
    const since = Date.now() - LONGEST_MS;
    return JSON.parse(text || "[]").filter(({ at }) => at > since);
}

/** Remember the answer for a member: {items, refused}. */
export function rememberMember(config, partnerId, { items, refused }) {
    const others = read(config).filter((known) => known.partnerId !== partnerId);
    const known = [...others, { partnerId, at: Date.now(), items, refused }];
    browser.localStorage.setItem(
        `retail_guide_members_${config.id}`,
        JSON.stringify(known.slice(-MOST_MEMBERS))
    );
}

/** Return what is remembered of a member, if anything. */
export function recallMember(config, partnerId) {
    return read(config).find((known) => known.partnerId === partnerId);
}
