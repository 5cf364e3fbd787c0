/** The levers of a what-if: each a number of the case in the case's own writing, with a slider that moves its whole range. */

import { readCell, writeCell } from "./edits.js";
import { make, put } from "./dom.js";
import { showClaim } from "./number.js";
import { number, say } from "./say.js";
import { ask } from "./source.js";
import { tellTime } from "./what_if_events.js";

const FIRST = 5; // levers shown before more are asked for
const MOST = 30; // found by a search
const [MUCH, SOME] = [0.5, 0.15]; // of the width of an answer that the range of a number moves it
const LATER = 120; // ms after a key until the answer is asked for

/** How a fault of the server names the cell of a lever, after `change.` or `add.`. */
export const nameCell = ({ table, row, column }) => `${table}.${row}.${column}`;

const spelled = (lever) =>
  [lever.who, lever.what, lever.table, lever.column, lever.row, lever.unit, lever.meaning].join(" ").toLowerCase();

/**
 * Draw one lever.
 * @param act { read(): edits, write(edits, quietly), shift(text, steps, lever): Promise of text }
 */
function drawLever(lever, act) {
  const id = `lever-${lever.id}`;
  const text = make("input", { id, type: "text", autocomplete: "off", spellcheck: "false", dir: "ltr", oninput: () => later() });
  const slider = make("input", {
    ...{ type: "range", min: -20, max: 20, step: 1, value: 0, list: null },
    "aria-label": say("page.what_if.slide", { name: lever.what, of: lever.who }),
    oninput: () => slide(),
    onchange: () => slide(true),
  });
  const was = make("span", { class: "was" });
  const reset = make("button", { type: "button", class: "reset", onclick: () => write(null) }, say("page.what_if.reset"));
  const faults = make("div", { class: "faults" });
  const who = lever.who ? make("bdi", { class: "who" }, lever.who) : null;
  const element = make(
    "li",
    { class: "lever", "data-lever": lever.id },
    make("label", { for: id }, make("span", { class: "what" }, lever.what), who),
    make("div", { class: "cell" }, text, make("span", { class: "unit" }, lever.unit), reset),
    slider,
    make("p", { class: "small" }, was, lever.effect ? writeEffect(lever) : null),
    faults,
    drawRest(lever),
  );
  let [timer, sliding] = [0, false];

  function write(value, quietly = false) {
    clearTimeout(timer);
    const edited = value === null || value === lever.text ? null : value;
    act.write(writeCell(act.read(), { ...lever, missing: lever.verb === "add" }, edited), quietly);
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => write(text.value.trim()), LATER);
  }
  async function slide(end = false) {
    const steps = Number(slider.value);
    const moved = steps ? await act.shift(lever, steps) : lever.text;
    if (Number(slider.value) !== steps) return; // it has moved on
    write(moved, sliding);
    sliding = !end;
  }
  function show(edits) {
    const edited = readCell(edits, lever.table, lever.row, lever.column);
    const shown = edited ?? lever.text;
    if (document.activeElement !== text || text.value.trim() !== shown) text.value = shown;
    if (edited === undefined) slider.value = 0;
    element.classList.toggle("changed", edited !== undefined);
    reset.hidden = edited === undefined;
    was.textContent = edited === undefined ? "" : say("page.what_if.was", { value: `${lever.text} ${lever.unit}`.trim() });
  }
  const tell = (found) => {
    text.setAttribute("aria-invalid", found.length ? "true" : "false");
    put(faults, ...found.map((fault) => make("p", { class: "fault" }, make("bdi", {}, fault))));
  };
  return { lever, element, show, tell };
}

function writeEffect({ effect, moves }) {
  const size = Math.abs(effect) >= MUCH ? "much" : Math.abs(effect) >= SOME ? "somewhat" : "little";
  return make("span", { class: "effect" }, say(`page.what_if.effect.${size}`, { moves }));
}

/** What a number means and rests on, on demand. */
function drawRest(lever) {
  const body = make("div");
  const rest = make("details", {}, make("summary", {}, say("page.what_if.rests")), body);
  rest.addEventListener("toggle", async () => {
    if (!rest.open || body.firstChild) return;
    const place = make("code", {}, nameCell(lever));
    put(body, make("p", {}, lever.meaning, ". ", place), lever.note ? make("p", {}, make("bdi", {}, lever.note)) : null);
    if (!lever.claims.length) body.append(make("p", {}, say("page.what_if.assumption")));
    else {
      const found = await ask("claims", { ids: lever.claims.map((claim) => claim.id).join(" ") });
      body.append(make("ul", {}, ...found.claims.map(showClaim)));
    }
  });
  return rest;
}

/** The size of each event that has one, as a lever. */
export const listSizes = ({ events, kinds }, names) =>
  events
    .filter((event) => event.value)
    .map((event) => {
      const { low, high } = kinds.find((kind) => kind.kind === event.kind);
      const lever = { ...event, id: `events/${event.id}/value`, verb: "change", table: "events", column: "value", text: event.value };
      return { ...lever, low, high, what: say(`page.what_if.kind.${event.kind}`), who: `${names(event)}, ${tellTime(event.time)}` };
    });

// Until it is measured what matters: what people can act on, and what is argued about most.
const LIKELY = [
  "events.lanes", "checkpoints.seconds_per_vehicle", "checkpoints.lanes", "events.seconds", "parameters.people_scale",
  "parameters.share_staying", "services.departures_per_day", "groups.leave_rate",
];
const guess = ({ table, kind, row, column }) => {
  const name = table === "events" ? kind : table === "parameters" ? row.split("@")[0] : column;
  const place = LIKELY.indexOf(`${table}.${name}`);
  return place < 0 ? LIKELY.length : place;
};

/** Levers by what they move, the most first; where nothing is measured, the likely ones, at most two of a kind, first. */
export function rank(levers, measured) {
  if (measured) return [...levers].sort((a, b) => Math.abs(b.effect ?? 0) - Math.abs(a.effect ?? 0));
  const seen = new Map();
  const order = new Map(levers.map((lever) => {
    const place = guess(lever);
    seen.set(place, (seen.get(place) ?? 0) + 1);
    return [lever, seen.get(place) > 2 ? LIKELY.length : place];
  }));
  return [...levers].sort((a, b) => order.get(a) - order.get(b));
}

/** All levers: five at first, those that are changed always, others by a search. */
export function drawLevers(levers, measured, act) {
  const drawn = new Map();
  const list = make("ul", { class: "levers" });
  const search = make("input", { type: "search", id: "lever-search", oninput: () => choose() });
  const told = make("p", { class: "small", role: "status" });
  const [words, known] = [levers.map(spelled), new Map(levers.map((lever) => [nameCell(lever), lever]))];
  let [edits, faults, shown] = [{}, new Map(), []];

  const get = (lever) => {
    const name = nameCell(lever);
    if (!drawn.has(name)) drawn.set(name, drawLever(lever, act));
    return drawn.get(name);
  };
  const isChanged = (lever) => readCell(edits, lever.table, lever.row, lever.column) !== undefined;
  function find() {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!asked.length) return levers.slice(0, FIRST);
    return levers.filter((_, i) => asked.every((word) => words[i].includes(word)));
  }
  function choose() {
    const found = find();
    const changed = levers.filter((lever) => isChanged(lever) && !found.includes(lever));
    const next = [...changed, ...found.slice(0, search.value ? MOST : FIRST)];
    const text = { shown: number(Math.min(found.length, MOST)), found: number(found.length), all: number(levers.length) };
    told.textContent = search.value ? say(found.length > MOST ? "page.what_if.too_many" : "page.what_if.found", text) : say(measured ? "page.what_if.ranked" : "page.what_if.all", text);
    if (next.length !== shown.length || next.some((lever, i) => lever !== shown[i])) put(list, ...next.map((lever) => get(lever).element));
    shown = next;
    for (const lever of shown) {
      get(lever).show(edits);
      get(lever).tell(faults.get(nameCell(lever)) ?? []);
    }
  }
  const element = make(
    "section",
    {},
    make("h2", {}, say("page.what_if.levers")),
    make("label", { for: "lever-search", class: "small" }, say("page.what_if.search")),
    search,
    told,
    list,
  );
  return {
    element,
    isKnown: (name) => known.has(name),
    isIdle: () => !search.value && !levers.some(isChanged) && !element.contains(document.activeElement),
    show(written, found) {
      [edits, faults] = [written, found];
      choose();
    },
  };
}

