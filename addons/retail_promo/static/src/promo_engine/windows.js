/**
 * Weekday and hour windows on the store's wall clock.
 *
 * Twin: promo_engine/windows.py
 */

const DAY_START = "00:00";
const DAY_END = "24:00";
const MONTH_SHIFT = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];

/** Return 1 (Monday) to 7 (Sunday) for a date YYYY-MM-DD. Source: Sakamoto 1992. */
export function isoWeekday(date) {
    const month = Number(date.slice(5, 7));
    const day = Number(date.slice(8, 10));
    const year = Number(date.slice(0, 4)) - (month < 3 ? 1 : 0);
    const leaps = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
    const sundayIsZero = (year + leaps + MONTH_SHIFT[month - 1] + day) % 7;
    return sundayIsZero || 7;
}

/** Tell whether one of the windows holds at `now` (ISO, store's wall clock). */
export function inAnyWindow(windows, now) {
    const today = isoWeekday(now);
    const yesterday = today === 1 ? 7 : today - 1;
    const clock = now.slice(11, 16);
    return windows.some((window) => holds(window, today, yesterday, clock));
}

function holds(window, today, yesterday, clock) {
    const start = window.start ?? DAY_START;
    const end = window.end ?? DAY_END;
    const days = window.days ?? [];
    if (start < end) {
        return start <= clock && clock < end && isOn(days, today);
    }
    // Across midnight: the hours after it belong to the day the window starts on.
    return (clock >= start && isOn(days, today)) || (clock < end && isOn(days, yesterday));
}

function isOn(days, day) {
    return !days.length || days.includes(day);
}
