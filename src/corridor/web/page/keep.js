/** Changes that are not saved are kept in this browser, with what was read, so that a reload loses nothing. */

import { columnsOf, editsOf, indexRows, keysOf } from "./sheet_edits.js";

const place = (id) => `corridor-sheets-${id}`;

/** Call `heard` when another window of this browser has changed the sheets of a case; returns what ends that. */
export function hearOthers(id, heard) {
  const listen = (event) => event.key === place(id) && heard();
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}

/**
 * Keep the changes of a case; of every changed sheet also its version and the rows as they were read. Tells whether
 * the browser had room for them.
 */
export function keepEdits(id, edits, bases) {
  if (Object.keys(edits).length === 0) {
    window.localStorage.removeItem(place(id));
    return true;
  }
  const read = Object.fromEntries(
    Object.keys(edits).map((name) => [name, { version: bases[name].version, columns: bases[name].columns, rows: touched(bases[name], edits) }]),
  );
  try {
    window.localStorage.setItem(place(id), JSON.stringify({ edits, read }));
    return true;
  } catch {
    return false;
  }
}

/** What was kept: { edits, read: { sheet: { version, columns, rows: [[key, cells]] } } }. */
export function takeKept(id) {
  try {
    const kept = JSON.parse(window.localStorage.getItem(place(id)));
    return kept?.edits && kept?.read ? kept : { edits: {}, read: {} };
  } catch {
    return { edits: {}, read: {} };
  }
}

function touched(base, edits) {
  const one = editsOf(edits, base.name);
  const rows = [...indexRows(base).entries()];
  const chosen = one.order === null ? rows.filter(([key]) => key in one.cells) : rows;
  return chosen.map(([key, row]) => [key, row.cells]);
}

/**
 * Changes of a sheet as it was read, laid over the sheet as it is now. Rows are found by what names them (`naming`
 * columns). Returns { one, conflicts, lost }: a conflict is a cell that was changed here and on disk, both are shown; lost is
 * what has no place any more, as texts.
 */
export function rebase(kept, one, base, naming) {
  const columns = [...kept.columns, ...one.columns];
  const now = columnsOf(base, { [base.name]: { ...one, columns: one.columns.filter((name) => !base.columns.includes(name)) } });
  const find = findRows(kept, base, naming);
  const result = { cells: {}, order: null, columns: now.slice(base.columns.length) };
  const conflicts = [];
  const lost = [];
  for (const [key, row] of Object.entries(one.cells)) {
    const before = kept.rows.find(([known]) => known === key)?.[1];
    const target = before ? find(before) : key;
    for (const [at, text] of Object.entries(row)) {
      const column = now.indexOf(columns[at]);
      if (target === undefined || column < 0) {
        lost.push(text);
        continue;
      }
      const disk = indexRows(base).get(target)?.cells[column] ?? "";
      if (disk === text) continue;
      if (before && disk !== (before[at] ?? "")) conflicts.push({ key: target, at: column, was: before[at] ?? "", disk, mine: text });
      result.cells[target] = { ...result.cells[target], [column]: text };
    }
  }
  if (one.order !== null) result.order = reorder(kept, one.order, base, find);
  return { one: result, conflicts, lost };
}

function findRows(kept, base, naming) {
  const name = (columns, cells) =>
    JSON.stringify(naming.length ? naming.map((column) => cells[columns.indexOf(column)] ?? "") : cells);
  const rows = new Map();
  for (const [key, row] of indexRows(base)) {
    const named = name(base.columns, row.cells);
    if (!rows.has(named)) rows.set(named, key);
  }
  return (cells) => rows.get(name(kept.columns, cells));
}

/** The order of the sheet as it is now, without the rows removed here, with those added here behind the same row. */
function reorder(kept, order, base, find) {
  const there = new Set(order);
  const removed = new Set(kept.rows.filter(([key]) => !there.has(key)).map(([, cells]) => find(cells)));
  const result = keysOf(base).filter((key) => !removed.has(key));
  const cells = new Map(kept.rows);
  let last = null;
  for (const key of order) {
    if (cells.has(key)) {
      last = find(cells.get(key)) ?? last;
    } else {
      result.splice(last === null ? 0 : result.indexOf(last) + 1, 0, key);
      last = key;
    }
  }
  return result;
}
