/** A sheet as the grid shows it: what was read, what is changed, and what the last check says of it, put together. */

import { columnsOf, isChanged, indexRows, linesOf, textAt } from "./sheet_edits.js";
import { say } from "./say.js";
import { onOneLine } from "./visible.js";

const SIGN = 8.2; // px of a letter
const NARROW = 68;
const FIRST = 200; // px of the column that stays in sight, at most
const WIDE = 280;
const WIDEST = 640; // of a value of the settings
const GUTTER = 56; // px of the numbers of rows
const LOOKED_AT = 200; // rows for the width of a column

// where there is room the first column stays in sight, as in case.css
const isWide = () => window.innerWidth > 700;

export function describeSheet(store, base) {
  const edits = store.edits();
  const columns = columnsOf(base, edits);
  const named = columns.map((column) => column.trim());
  const lines = linesOf(base, edits);
  const found = store.found ?? { faults: [], ranges: {}, claims: {}, assumed: [], ids: {}, lines: {} };
  const faults = groupFaults(found.faults, base.name);
  const assumed = new Set(found.assumed.filter(([name]) => name === base.name).map(([, key, at]) => `${key} ${at}`));
  const fields = (key, at) => fieldOf(store, base, named, key, at);
  const text = (key, at) => textAt(base, edits, key, at);
  const fixed = (key, at) => Boolean(base.settings && (at === 0 || base.fixed.includes(key)));
  const numberOf = (key) => found.lines[base.name]?.[key] ?? indexRows(base).get(key)?.line ?? 0;
  // what was said of a text that has been changed since is said no more
  const isOld = (key, at) => text(key, at) !== textAt(base, store.checked, key, at);
  const faultsAt = (key, at) => [...(faults.get(`${key} ${at}`) ?? []), ...((at === 0 && faults.get(`${key} -1`)) || [])];
  const lineOf = (key) => numberOf(key) || say(indexRows(base).has(key) ? "page.dash" : "page.case.new");
  const cell = (key, at) => ({
    text: text(key, at),
    field: base.settings && at === 0 ? null : fields(key, at),
    range: isOld(key, at) ? undefined : found.ranges[base.name]?.[key]?.[at],
    faults: isOld(key, at) ? [] : faultsAt(key, at),
    claims: found.claims,
    isClaims: named[at] === "claims",
    isNumber: !(base.settings && at === 0) && ["number", "range", "integer", "margin"].includes(fields(key, at)?.type),
    changed: isChanged(base, edits, key, at) || !indexRows(base).has(key),
    assumed: assumed.has(`${key} ${at}`),
    fixed: fixed(key, at),
  });
  const about = (key, at) => ({
    ...cell(key, at),
    column: base.settings ? text(key, 0) : columns[at],
    line: numberOf(key),
    row: named.includes("claims") ? text(key, named.indexOf("claims")) : "",
    kind: base.table === "events" ? store.list.kinds[text(key, named.indexOf("kind"))] : null,
  });
  const widths = columns.map((column, at) => widthOf(column, at, lines, text, fields(null, at), base.settings));
  const starts = widths.map((_, at) => widths.slice(0, at).reduce((sum, width) => sum + width, 0));
  const aside = isWide() ? widths[0] : 0;
  const options = (key, at) => offer(fields(key, at), found.ids, store);
  const template = `${GUTTER}px ${widths.map((width) => `${width}px`).join(" ")}`;
  return { name: base.name, columns, lines, fields, text, fixed, cell, about, lineOf, options, widths, starts, aside, kept: GUTTER + aside, template };
}

function fieldOf(store, base, named, key, at) {
  if (base.settings) {
    const row = key === null ? null : indexRows(base).get(key);
    if (!row || at === null) return null;
    const name = row.key.split(".").at(-1);
    return store.list.fields[row.field].find((field) => field.name === name) ?? null;
  }
  return store.list.fields[base.table].find((field) => field.name === named[at]) ?? null;
}

function groupFaults(faults, name) {
  const groups = new Map();
  for (const fault of faults) {
    if (fault.sheet !== name) continue;
    const place = `${fault.key} ${fault.at}`;
    groups.set(place, [...(groups.get(place) ?? []), fault]);
  }
  return groups;
}

function widthOf(column, at, lines, text, field, isSettings) {
  let longest = 1.2 * column.length + (field?.unit ? field.unit.length + 1 : 0) + 2; // the header is bold
  for (const { key } of lines.slice(0, LOOKED_AT)) if (key !== undefined) longest = Math.max(longest, onOneLine(text(key, at).slice(0, 80)).length);
  const spare = column.trim() === "claims" ? 40 : 16;
  const most = isSettings ? (at ? WIDEST : WIDE) : at ? WIDE : FIRST;
  return Math.round(Math.min(most, Math.max(NARROW, longest * SIGN + spare)));
}

/** The words that may stand in a cell, where they can be told. */
function offer(field, ids, store) {
  if (!field) return [];
  if (field.choices.length) return field.choices;
  if (field.type === "kind") return Object.keys(store.list.kinds);
  if (field.type === "reference") return [...(field.refers_to === "areas" ? ["inside", "outside"] : []), ...(ids[field.refers_to] ?? [])];
  return [];
}
