/** Compare: variants and runs side by side: who gets out, who waits, who goes without, and who gets less. */

import { drawFan, locate } from "./chart.js";
import { drawChoice, nameChoice, readChosen, writeChosen } from "./compare_choice.js";
import { drawHour } from "./compare_hour.js";
import { writeLead, writeLess, writeTable } from "./compare_tables.js";
import { make, put } from "./dom.js";
import { say } from "./say.js";
import { ask, follow as hearLines, Refused } from "./source.js";

const MEASURES = ["arrivals", "inside", "on_roads", "held_back", "waiting_for_transport"];

function readEdits(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

const isMoment = (text, { start, end }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text ?? "") && start <= text && text <= end;

/** Charts of one number, one for each side, on one scale; the first stands in grey behind the others. */
function drawCharts(answer, sides, measure) {
  const { fans } = answer.charts[measure];
  const most = Math.max(...fans.flatMap((fan) => fan.q95));
  const at = locate(answer.times, answer.moment);
  return fans.map((fan, i) =>
    drawFan({ title: sides[i], times: answer.times, fan, base: i ? fans[0] : null, at, most, height: 190 }),
  );
}

function drawOverTime(charts) {
  const state = { drawn: [] };
  const holder = make("div", { class: "charts" });
  const grey = make("p", { class: "small" });
  const select = make("select", { id: "compare-number" });
  const label = make("label", { for: select.id }, say("page.compare.number"));
  const element = make("section", {}, make("h2", {}, say("page.compare.over_time")), make("p", {}, label, " ", select), holder, grey);
  const close = () => state.drawn.forEach((chart) => chart.close());
  function show(answer, sides, wanted) {
    const known = MEASURES.filter((name) => name in answer.charts);
    const measure = known.includes(wanted) ? wanted : known[0];
    put(select, ...known.map((name) => make("option", { value: name, selected: name === measure }, say(`page.compare.measure.${name}`))));
    close();
    state.drawn = drawCharts(answer, sides, measure);
    put(holder, ...state.drawn.map((chart) => chart.element));
    grey.textContent = say("page.compare.grey", { first: sides[0] });
  }
  select.addEventListener("change", () => charts(select.value));
  return { element, show, close };
}

function writeTables(answer, sides, facts) {
  const names = new Map([...facts.places.map((place) => [place.id, place.name || place.id]), ...Object.entries(answer.names)]);
  const paired = answer.sides.some((side, i) => i && !side.unpaired);
  const note = paired ? say("page.compare.paired", { first: sides[0] }) : null;
  return [
    writeTable(say("page.compare.totals"), answer.totals, sides, names, note),
    writeLess(answer.less, sides, names),
    writeTable(say("page.compare.exits"), answer.exits, sides, names),
    writeTable(say("page.compare.places"), answer.places, sides, names),
    writeTable(say("page.compare.without"), answer.without, sides, names, say("page.compare.label")),
  ].filter(Boolean);
}

export async function open(root, context, values) {
  let asking = new AbortController();
  let now = values;
  context.tell(say("page.loading"));
  const listed = await ask("compare/choices", {}, asking.signal);
  const edited = { name: "edits", kind: "edits" };
  const choices = readEdits(values.edits) ? [...listed.choices, edited] : listed.choices;
  if (choices.length < 2) {
    context.tell("");
    put(root, make("p", {}, say("page.compare.nothing")));
    return {};
  }
  const go = (more, quietly) => {
    now = { ...now, ...more };
    context.go(now, quietly);
    if (quietly) follow(now);
  };
  const choice = drawChoice(choices, (chosen) => go(writeChosen(chosen)), listed.fixed);
  const hour = drawHour(context.facts, (moment, quietly) => go({ at: moment }, quietly));
  const overTime = drawOverTime((number) => go({ number }));
  const lead = make("div");
  const tables = make("div", { class: "tables" });
  put(root, choice.element, hour.element, lead, overTime.element, tables);
  overTime.element.hidden = true;

  function show(answer, chosen, number) {
    const sides = chosen.map((name) => nameChoice(choices.find((one) => one.name === name)));
    const most = Math.max(...answer.sides.map((side) => side.replicates));
    hour.show(answer.moment);
    put(lead, writeLead(answer, sides));
    overTime.element.hidden = false;
    overTime.show(answer, sides, number);
    put(tables, ...writeTables(answer, sides, context.facts));
    context.tell(say(answer.whole ? "page.compare.sure" : "page.compare.few", { replicates: most }));
  }

  async function follow(asked) {
    now = { ...asked, at: isMoment(asked.at, context.facts) ? asked.at : "" };
    const chosen = readChosen(asked, choices, listed.fixed);
    choice.show(chosen);
    hour.show(now.at);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    context.tell(say("page.working"));
    const body = { chosen, moment: now.at || null, edits: chosen.includes("edits") ? readEdits(asked.edits) : null };
    try {
      await hearLines("compare", body, (answer) => !signal.aborted && show(answer, chosen, asked.number), signal);
    } catch (error) {
      if (signal.aborted) return;
      context.tell("");
      put(lead, make("p", { class: "fault" }, error instanceof Refused ? error.message : say("page.lost")));
    }
  }
  const close = () => {
    asking.abort();
    hour.close();
    overTime.close();
  };
  follow(values);
  return { follow, close };
}
