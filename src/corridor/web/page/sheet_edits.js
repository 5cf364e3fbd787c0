/**
 * Changes of sheets as plain data, and a sheet as they make it. Nothing here is changed in place.
 *
 * Edits: { sheet: { cells: { key: { column: text } }, order: [key] or null, columns: [name] } }; keys are those of the
 * rows as they were read, "n1", "n2" … those of added rows.
 */

const NONE = { cells: {}, order: null, columns: [] };

export const editsOf = (edits, name) => edits[name] ?? NONE;

const isNone = (one) => Object.keys(one.cells).length === 0 && one.order === null && one.columns.length === 0;

function withSheet(edits, name, one) {
  const { [name]: _, ...others } = edits;
  return isNone(one) ? others : { ...others, [name]: one };
}

/** The rows of a sheet as read, by key; made once for each sheet that is read. */
export function indexRows(base) {
  base.byKey ??= new Map(base.items.filter((item) => item.key !== undefined).map((item) => [item.key, item]));
  return base.byKey;
}

export const keysOf = (base) => [...indexRows(base).keys()];
export const orderOf = (base, edits) => editsOf(edits, base.name).order ?? keysOf(base);
export const columnsOf = (base, edits) => [...base.columns, ...editsOf(edits, base.name).columns];
const wasAt = (base, key, at) => indexRows(base).get(key)?.cells[at] ?? "";
export const textAt = (base, edits, key, at) => editsOf(edits, base.name).cells[key]?.[at] ?? wasAt(base, key, at);
export const isChanged = (base, edits, key, at) => editsOf(edits, base.name).cells[key]?.[at] !== undefined;

/** New texts [[key, column, text]] in one step. */
export function setCells(base, edits, changes) {
  const one = editsOf(edits, base.name);
  const cells = { ...one.cells };
  for (const [key, at, text] of changes) {
    const row = { ...cells[key] };
    if (text === wasAt(base, key, at)) delete row[at];
    else row[at] = text;
    if (Object.keys(row).length) cells[key] = row;
    else delete cells[key];
  }
  return withSheet(edits, base.name, { ...one, cells });
}

function setOrder(base, edits, order) {
  const one = editsOf(edits, base.name);
  const known = keysOf(base);
  const same = order.length === known.length && order.every((key, at) => key === known[at]);
  const there = new Set(order);
  const cells = Object.fromEntries(Object.entries(one.cells).filter(([key]) => there.has(key)));
  return withSheet(edits, base.name, { ...one, cells, order: same ? null : order });
}

/** Rows added at a place; returns [edits, keys of the rows]. */
export function addRows(base, edits, place, count = 1) {
  const order = orderOf(base, edits);
  const numbers = order.filter((key) => key.startsWith("n")).map((key) => Number(key.slice(1)));
  const first = Math.max(0, ...numbers) + 1;
  const keys = Array.from({ length: count }, (_, at) => `n${first + at}`);
  return [setOrder(base, edits, [...order.slice(0, place), ...keys, ...order.slice(place)]), keys];
}

export function removeRows(base, edits, keys) {
  const gone = new Set(keys);
  return setOrder(base, edits, orderOf(base, edits).filter((key) => !gone.has(key)));
}

/** Rows from one place to another moved up (-1) or down (1). */
export function moveRows(base, edits, first, last, by) {
  const order = [...orderOf(base, edits)];
  if (first + by < 0 || last + by >= order.length) return edits;
  const [passed] = order.splice(by < 0 ? first - 1 : last + 1, 1);
  order.splice(by < 0 ? last : first, 0, passed);
  return setOrder(base, edits, order);
}

export function addColumn(base, edits, name) {
  const one = editsOf(edits, base.name);
  return withSheet(edits, base.name, { ...one, columns: [...one.columns, name] });
}

/** How many changes there are in a sheet: cells, rows added, removed and moved, columns. */
export function countChanges(base, edits) {
  const one = editsOf(edits, base.name);
  const known = indexRows(base);
  const inRows = Object.entries(one.cells).filter(([key]) => known.has(key));
  const cells = inRows.reduce((sum, [, row]) => sum + Object.keys(row).length, 0);
  return cells + one.columns.length + countRows(one.order, keysOf(base));
}

function countRows(order, known) {
  if (order === null) return 0;
  const there = new Set(order);
  const before = new Set(known);
  const added = order.filter((key) => !before.has(key)).length;
  const removed = known.filter((key) => !there.has(key)).length;
  const kept = known.filter((key) => there.has(key));
  const still = order.filter((key) => before.has(key));
  const moved = kept.every((key, at) => key === still[at]) ? 0 : 1;
  return added + removed + moved;
}

/** The lines of a sheet as they are shown: comments in their place and rows in their order. */
export function linesOf(base, edits) {
  const order = orderOf(base, edits);
  if (editsOf(edits, base.name).order === null) return base.items;
  const there = new Set(order);
  const before = new Map();
  let waiting = [];
  for (const item of base.items) {
    if (item.key === undefined) {
      waiting.push(item);
    } else if (there.has(item.key)) {
      before.set(item.key, waiting);
      waiting = [];
    }
  }
  return [...order.flatMap((key) => [...(before.get(key) ?? []), { key }]), ...waiting];
}

/** What is sent to be checked or saved. */
export const writeEdits = (edits, versions) =>
  Object.fromEntries(Object.entries(edits).map(([name, one]) => [name, { version: versions[name], ...one }]));
