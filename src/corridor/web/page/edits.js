/** Edits: what a variant's file holds, `{ change: { table: { row: { column: text } } }, add: {...}, remove: { table: [row] } }`. */

const copy = (edits) => structuredClone(edits);

function tidy(edits) {
  for (const verb of ["change", "add"])
    for (const [table, rows] of Object.entries(edits[verb] ?? {})) {
      for (const [row, cells] of Object.entries(rows)) if (!Object.keys(cells).length) delete rows[row];
      if (!Object.keys(rows).length) delete edits[verb][table];
    }
  for (const [table, rows] of Object.entries(edits.remove ?? {})) if (!rows.length) delete edits.remove[table];
  for (const verb of ["change", "add", "remove"]) if (edits[verb] && !Object.keys(edits[verb]).length) delete edits[verb];
  return edits;
}

/** The text of a cell as it is edited, or undefined where it stands as in the case. */
export const readCell = (edits, table, row, column) =>
  edits.add?.[table]?.[row]?.[column] ?? edits.change?.[table]?.[row]?.[column];

/** Edits with a cell written; `text` null puts it back as it is in the case. `missing`: the case has no such row yet. */
export function writeCell(edits, { table, row, column, missing = false }, text) {
  const next = copy(edits);
  const verb = missing || next.add?.[table]?.[row] ? "add" : "change";
  const rows = ((next[verb] ??= {})[table] ??= {});
  const cells = (rows[row] ??= {});
  if (text === null) delete cells[column];
  else cells[column] = text;
  return tidy(next);
}

export function addRow(edits, table, row, cells) {
  const next = copy(edits);
  ((next.add ??= {})[table] ??= {})[row] = cells;
  return next;
}

/** Edits with a row taken out: one of the case is removed, one that was added is added no longer. */
export function removeRow(edits, table, row) {
  const next = copy(edits);
  if (next.add?.[table]?.[row]) delete next.add[table][row];
  else {
    ((next.remove ??= {})[table] ??= []).push(row);
    if (next.change?.[table]) delete next.change[table][row];
  }
  return tidy(next);
}

export function restoreRow(edits, table, row) {
  const next = copy(edits);
  if (next.remove?.[table]) next.remove[table] = next.remove[table].filter((one) => one !== row);
  return tidy(next);
}

export const isRemoved = (edits, table, row) => Boolean(edits.remove?.[table]?.includes(row));

/** How many things are edited: cells, rows added, rows taken out. */
export function countEdits(edits) {
  const rows = (verb) => Object.values(edits[verb] ?? {}).flatMap((found) => Object.values(found));
  const cells = rows("change").reduce((sum, row) => sum + Object.keys(row).length, 0);
  return cells + rows("add").length + Object.values(edits.remove ?? {}).reduce((sum, found) => sum + found.length, 0);
}

/** Edits as they stand in the address, and back; what cannot be read is none. */
export const packEdits = (edits) => (countEdits(edits) || edits.title ? JSON.stringify(edits) : "");

export function unpackEdits(text) {
  try {
    const found = JSON.parse(text || "{}");
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

/** An id for a row that is added, told apart from those there are. */
export function nameRow(kind, taken) {
  for (let number = 1; ; number += 1) {
    const name = `${kind}_what_if_${number}`;
    if (!taken.has(name)) return name;
  }
}
