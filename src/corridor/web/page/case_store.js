/** The sheets of the case: what was read, what is changed, what a check says of it; kept in this browser, saved when asked. */

import { hearOthers, keepEdits, rebase, takeKept } from "./keep.js";
import { ask, send } from "./source.js";
import { countChanges, setCells, writeEdits } from "./sheet_edits.js";
import { beginHistory, record, redo, undo } from "./undo.js";

const PAUSE = 350; // ms after a change before it is checked

/** Open the store; `changed(store)` is called after everything that happens to it. */
export async function openStore(changed) {
  const list = await ask("sheets");
  const store = {
    list,
    bases: {},
    history: beginHistory({}),
    found: null, // what the last check said
    checked: {}, // the changes that it was said of
    refused: "",
    checking: false,
    conflicts: [], // [{ name, key, at, was, disk, mine }]
    disk: [], // files changed by others: [{ name, file, modified, owner }]
    lost: [],
  };
  store.edits = () => store.history.now;
  store.has = () => Object.keys(store.edits()).length > 0;
  store.count = () =>
    Object.keys(store.edits()).reduce((sum, name) => sum + (store.bases[name] ? countChanges(store.bases[name], store.edits()) : 0), 0);
  store.load = async (name) => (store.bases[name] ??= await ask("sheet", { table: name }));

  store.set = (edits, label) => move(store, record(store.history, edits, label), changed);
  store.undo = () => move(store, undo(store.history), changed);
  store.redo = () => move(store, redo(store.history), changed);
  store.undoAll = () => store.set({}, "all");
  store.settle = (conflict, keep) => {
    store.conflicts = store.conflicts.filter((one) => one !== conflict);
    const base = store.bases[conflict.name];
    if (!keep) store.set(setCells(base, store.edits(), [[conflict.key, conflict.at, conflict.disk]]), "disk");
    changed(store);
  };
  store.check = () => check(store, changed);
  store.save = (despite) => save(store, despite, changed);
  store.saveVariant = (asked) => saveVariant(store, asked, changed);
  store.reread = () => reread(store, changed);
  store.history = beginHistory(await takeBack(store));
  const leave = hearOthers(list.case, () => hear(store, changed));
  store.close = () => {
    leave();
    window.clearTimeout(store.timer);
    store.asked?.abort();
  };
  return store;
}

function move(store, history, changed) {
  if (history === store.history) return;
  store.history = history;
  store.checking = true; // in a moment
  store.unkept = !keepEdits(store.list.case, store.edits(), store.bases);
  changed(store);
  window.clearTimeout(store.timer);
  store.timer = window.setTimeout(store.check, PAUSE);
}

const versionsOf = (store) => Object.fromEntries(Object.entries(store.bases).map(([name, base]) => [name, base.version]));

/** What makes a row the one it is, of a table: the columns that name it, and its parameter set. */
const namingOf = (store, table) => store.list.naming[table] ?? [];

/** Take back what was kept before a reload; where a file has changed since, lay the changes over what it is now. */
async function takeBack(store) {
  const kept = takeKept(store.list.case);
  const known = new Set(store.list.sheets.map((sheet) => sheet.name));
  const names = Object.keys(kept.edits).filter((name) => known.has(name) && kept.read[name]);
  await Promise.all(names.map(store.load));
  const edits = {};
  for (const name of names) {
    const base = store.bases[name];
    if (base.version === kept.read[name].version) edits[name] = kept.edits[name];
    else Object.assign(edits, layOver(store, name, kept.read[name], kept.edits[name]));
  }
  return edits;
}

/** What was changed in another window on this case is a change here as well; it can be taken back like any other. */
async function hear(store, changed) {
  store.history = record(store.history, await takeBack(store), "other window");
  changed(store);
  await store.check();
}

function layOver(store, name, read, one) {
  const base = store.bases[name];
  const { one: now, conflicts, lost } = rebase(read, one, base, base.settings ? ["key"] : namingOf(store, base.table));
  store.conflicts.push(...conflicts.map((conflict) => ({ name, ...conflict })));
  store.lost.push(...lost);
  if (!store.disk.some((file) => file.name === name)) store.disk.push({ name, file: base.file, modified: "", owner: "" });
  const empty = Object.keys(now.cells).length === 0 && now.order === null && now.columns.length === 0;
  return empty ? {} : { [name]: now };
}

/** Read the files anew that others have changed, and lay the changes over them. */
async function reread(store, changed) {
  const other = store.disk.filter(({ name, version }) => store.bases[name] && store.bases[name].version !== version);
  const fresh = await Promise.all(other.map(({ name }) => ask("sheet", { table: name })));
  const edits = { ...store.edits() };
  for (const base of fresh) {
    const { name } = base;
    const old = store.bases[name];
    if (old.version === base.version) continue; // a check and a save may both have met the change
    store.bases[name] = base;
    store.conflicts = store.conflicts.filter((conflict) => conflict.name !== name);
    const one = edits[name];
    delete edits[name];
    const read = { columns: old.columns, rows: old.items.filter((item) => item.key !== undefined).map((item) => [item.key, item.cells]) };
    if (one) Object.assign(edits, layOver(store, name, read, one));
  }
  store.history = beginHistory(edits);
  forget(store);
  keepEdits(store.list.case, edits, store.bases);
  changed(store);
  await store.check();
}

/** Forget what was said of rows that have other keys now. */
function forget(store) {
  store.checked = store.edits();
  if (store.found) store.found = { ...store.found, faults: [], ranges: {}, assumed: [], lines: {} };
}

async function check(store, changed) {
  window.clearTimeout(store.timer);
  store.asked?.abort();
  const asked = (store.asked = new AbortController());
  const edits = store.edits();
  store.checking = true;
  changed(store);
  try {
    const found = await send("sheets/check", { edits: writeEdits(edits, versionsOf(store)) }, asked.signal);
    if (store.asked !== asked || found.stale) return;
    store.checking = false;
    store.refused = found.refused ?? "";
    if (found.changed) {
      store.disk = found.changed;
      await reread(store, changed);
    } else if (found.faults) {
      store.found = found;
      store.checked = edits;
    }
    changed(store);
  } catch (error) {
    if (error.name === "AbortError") return;
    store.checking = false;
    store.refused = error.message;
    changed(store);
  }
}

/** Save; returns what stands in the way: { faults } or { refused }, or { saved: [files] }. */
async function save(store, despite, changed) {
  window.clearTimeout(store.timer);
  store.asked?.abort();
  store.checking = false;
  const answer = await send("sheets/save", { edits: writeEdits(store.edits(), versionsOf(store)), despite_faults: despite });
  if (answer.changed) {
    store.disk = answer.changed;
    await reread(store, changed);
    return { changed: true };
  }
  if (!answer.saved?.length) {
    store.check();
    return answer;
  }
  const names = Object.keys(store.edits());
  store.list = await ask("sheets");
  await Promise.all(names.map(async (name) => (store.bases[name] = await ask("sheet", { table: name }))));
  store.history = beginHistory({});
  forget(store);
  store.disk = [];
  store.lost = [];
  keepEdits(store.list.case, {}, store.bases);
  changed(store);
  await store.check();
  return answer;
}

/** Save the changes as a variant; they stay on the page, since the tables stay as they are. */
async function saveVariant(store, asked, changed) {
  const answer = await send("sheets/variant", { ...asked, edits: writeEdits(store.edits(), versionsOf(store)) });
  if (!answer.changed) return answer;
  store.disk = answer.changed;
  await reread(store, changed);
  return {};
}
