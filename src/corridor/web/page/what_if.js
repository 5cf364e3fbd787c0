/** What if: change numbers and events of the case, and see at once what difference it makes. */

import { drawClock } from "./clock.js";
import { countEdits, packEdits, unpackEdits } from "./edits.js";
import { make, put } from "./dom.js";
import { listNear, makeFrames } from "./frames.js";
import { drawMap } from "./map.js";
import { say } from "./say.js";
import { Refused, ask, send } from "./source.js";
import { drawAnswer } from "./what_if_answer.js";
import { STAGES, isWhole, makeAsking } from "./what_if_ask.js";
import { drawEvents, nameTargets } from "./what_if_events.js";
import { makeHistory } from "./what_if_history.js";
import { drawLevers, listSizes, rank } from "./what_if_levers.js";
import { drawSaving, sayFault } from "./what_if_save.js";

const STEP = 1.1; // of a lever's slider
const FULL = 40; // steps of a slider from end to end

/** The faults that name a cell, by the cell; the others. */
export function sortFaults(faults) {
  const [byCell, others] = [new Map(), []];
  for (const fault of faults) {
    const cell = (fault.column ?? "").replace(/^(change|add)\./, "");
    if (cell && cell !== fault.column) byCell.set(cell, [...(byCell.get(cell) ?? []), sayFault(fault)]);
    else others.push(sayFault(fault));
  }
  return { byCell, others };
}

/** The hour shown first: the one asked for, or when half of those who will be out are. */
export function chooseHour({ times, fans }, asked) {
  const known = asked ? times.findIndex((time) => time >= asked) : -1;
  if (known >= 0) return known;
  const out = fans.arrivals.q50;
  return Math.max(0, out.findIndex((people) => people >= out[out.length - 1] / 2));
}

/** A lever's range as it is in the case, moved as a whole: by a factor, or from nothing by an amount. */
async function shiftRange({ table, row, column, text, low, high }, steps) {
  const name = table === "parameters" ? row.split("@")[0] : column;
  const amount = low !== null && high !== null ? ((high - low) * steps) / FULL : steps;
  const by = Number(text) === 0 ? { offset: Math.max(0, amount) } : { factor: STEP ** steps };
  return (await send("shift", { table, column: name, text, ...by })).text;
}

export async function open(root, context, values) {
  const { facts } = context;
  const state = { values, edits: unpackEdits(values.edits), answer: null, clock: null, faults: [] };
  const answer = drawAnswer(facts);
  const [faults, levers, timing] = [make("div", { role: "alert" }), make("div", { class: "side" }), make("div", { class: "clock-side" })];
  const map = drawMap(facts);
  const undo = makeHistory();
  let frames = null;

  const act = {
    read: () => state.edits,
    write(edits, quietly = false) {
      if (packEdits(edits) === packEdits(state.edits)) return;
      context.go({ ...state.values, edits: packEdits(edits) }, quietly);
      if (!quietly) undo.show(true);
      if (quietly) follow({ ...state.values, edits: packEdits(edits) });
    },
    shift: shiftRange,
  };
  const saving = drawSaving(facts, act);
  const reset = make("button", { type: "button", onclick: () => act.write({}) }, say("page.what_if.reset_all"));
  const bar = make("div", { class: "bar" }, undo.element, reset);
  const pictures = make("div", { class: "pictures" }, timing, make("section", { class: "map-side" }, map.element), answer.charts, answer.details);
  put(levers, make("p", { class: "small" }, say("page.loading")));
  put(root, make("div", { class: "top" }, answer.lead, faults, bar), levers, pictures);
  let [list, events, links, waiting] = [null, null, [], null];
  const closing = new AbortController();

  function showEdits() {
    const { byCell, others } = sortFaults(state.faults);
    list?.show(state.edits, byCell);
    const at = (row) => [...byCell].filter(([cell]) => cell === `events.${row}` || cell.startsWith(`events.${row}.`)).flatMap(([, found]) => found);
    events?.show(state.edits, at);
    const unseen = [...byCell].filter(([cell]) => !list?.isKnown(cell) && !cell.startsWith("events.")).flatMap(([, found]) => found);
    put(faults, ...[...others, ...unseen].map((fault) => make("p", { class: "fault" }, make("bdi", {}, fault))));
    saving.show(state.edits);
    if (waiting && list.isIdle()) showLevers(waiting);
    reset.disabled = !countEdits(state.edits);
    undo.show();
  }

  function move(at, still) {
    if (frames) map.show(frames(at));
    answer.move(at, still);
    if (still) keepHour(at);
  }
  function keepHour(at) {
    const time = state.answer?.times[Math.round(at)];
    if (!time || time === state.values.at) return;
    state.values = { ...state.values, at: time };
    context.go(state.values, true);
  }
  function showAnswer(found) {
    const first = !state.answer;
    state.answer = found;
    frames = makeFrames(found, links);
    if (first) {
      state.clock = drawClock(found.times, move, chooseHour(found, state.values.at));
      put(timing, state.clock.element);
    }
    answer.show(found, asking.base, countEdits(state.edits) > 0);
    map.show(frames(state.clock.at));
  }

  const lost = (error) => context.tell(error instanceof Refused ? (error.document.busy ? say("page.busy") : error.message) : say("page.lost"));
  const asking = makeAsking({
    lost,
    answer(found) {
      state.faults = [];
      context.tell("");
      showEdits();
      showAnswer(found);
      const fields = { replicates: found.replicates, all: STAGES[STAGES.length - 1] };
      answer.tell(say(isWhole(found) ? "page.what_if.done" : "page.what_if.so_far", fields));
    },
    base: () => state.answer && showAnswer(state.answer),
    faults(found) {
      state.faults = found;
      showEdits();
      answer.tell(say("page.what_if.not_run"));
    },
  });
  function rethink() {
    state.faults = [];
    showEdits();
    answer.tell(say(state.answer ? "page.working" : "page.loading"));
    return asking.ask(state.edits);
  }
  function follow(next) {
    const before = packEdits(state.edits);
    state.values = next;
    state.edits = unpackEdits(next.edits);
    if (packEdits(state.edits) !== before) rethink();
    else if (next.at && state.answer) {
      const index = state.answer.times.indexOf(next.at);
      if (index >= 0 && index !== Math.round(state.clock.at)) state.clock.set(index);
    }
  }

  /** The levers and events, ranked as is known; what stands is not ranked anew under somebody's hands. */
  function showLevers(found) {
    waiting = null;
    const names = (event) => event.label || nameTargets(found.kinds, found.targets)(event);
    list = drawLevers(rank([...found.numbers, ...listSizes(found, names)], found.measured), found.measured, act);
    events = drawEvents(found, facts, act);
    put(levers, list.element, events.element, saving.element);
    showEdits();
  }

  async function begin() {
    const found = await ask("levers");
    links = found.links;
    map.zoomTo(listNear(facts, links));
    showLevers(found);
    await rethink();
    if (found.measured) return;
    const ranked = await ask("levers", { measured: "yes" }, closing.signal);
    if (ranked.measured) waiting = ranked;
    if (waiting && list.isIdle()) showLevers(waiting);
  }
  begin().catch((error) => closing.signal.aborted || lost(error));
  return {
    follow,
    close() {
      closing.abort();
      asking.stop();
      state.clock?.close();
      map.close();
      answer.close();
    },
  };
}
