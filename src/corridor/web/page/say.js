/** The words of the page in its language, and numbers and moments as its readers write them. */

let words = {};
let locale = "en";

export function takeWords(document) {
  words = document.words;
  // digits as in the tables beside the text, in every language
  locale = `${document.language}-u-nu-latn`;
}

/** Say a sentence of the catalogue; a field is put where its name stands in braces. */
export function say(id, fields = {}) {
  const text = words[id];
  if (text === undefined) throw new Error(`no sentence ${id}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

export const has = (id) => id in words;

export const number = (value, digits = 0) =>
  value === null || value === undefined || Number.isNaN(value)
    ? say("page.dash")
    : new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value).replace("-", "−");

/** A low end, a median and a high end as texts, rounded to what the range lets know. */
export function rounded([low, middle, high]) {
  const step = stepOf(low, middle, high);
  return [low, middle, high].map((value) => number(Math.round(value / step) * step + 0));
}

/** A median with its range, rounded likewise. */
export function range(three) {
  const shown = rounded(three);
  if (shown[0] === shown[2]) return shown[1];
  return say("page.number.range", { low: shown[0], middle: shown[1], high: shown[2] });
}

function stepOf(low, middle, high) {
  const largest = Math.max(Math.abs(low), Math.abs(middle), Math.abs(high));
  if (largest <= 1) return 1;
  const digits = 10 ** (Math.floor(Math.log10(largest) + 1e-9) - 2);
  const width = high - low;
  const known = width > 1e-9 * largest ? 10 ** Math.floor(Math.log10(width / 10) + 0.2) : digits;
  return Math.max(digits, known, 1);
}

/** The time of a case is local and carries no zone: it is shown as written, whatever the clock of this machine. */
export const readTime = (text) => new Date(`${text.slice(0, 16)}Z`);
export const writeTime = (date) => date.toISOString().slice(0, 16);

/** A moment as the briefing writes it: the day by the language's own rules, the time by the clock of 24 hours. */
export function moment(text, options = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }) {
  const { hour, minute, ...date } = options;
  const write = (parts) => {
    const zone = { timeZone: "UTC", hourCycle: "h23", ...parts };
    return new Intl.DateTimeFormat(locale.startsWith("en") ? "en-GB" : locale, zone).format(readTime(text));
  };
  if (!hour) return write(date);
  return say("page.moment", { day: write(date), time: write({ hour, minute: minute ?? "2-digit" }) });
}

export const day = (text) => moment(text, { day: "numeric", month: "short" });
