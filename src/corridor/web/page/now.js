/** Now: page one of the briefing as of any moment, with its map and its chart. */

import { asOf } from "./as_of.js";
import { drawFan } from "./chart.js";
import { drawCover } from "./cover.js";
import { make, put } from "./dom.js";
import { drawMap, findMost } from "./map.js";
import { openNumber } from "./number.js";
import { moment as writeMoment, readTime, say } from "./say.js";
import { ask, Refused } from "./source.js";

/** A number of the run or a count: a button that opens what it rests on. */
function showNumber(piece, explain, apart = false) {
  const rest = apart ? piece.range : piece.text.slice(piece.middle.length);
  const text = [make("b", {}, piece.middle), rest ? make("i", {}, rest) : null];
  const label = say("page.now.open_number", { text: piece.text });
  return make("button", { type: "button", class: "number", "aria-label": label, onclick: () => explain(piece) }, ...text);
}

const sentence = (pieces, explain) =>
  pieces.map((piece) => (typeof piece === "string" ? piece : showNumber(piece, explain)));

const line = (sentences, explain) =>
  make("li", {}, ...sentences.flatMap((pieces) => [...sentence(pieces, explain), " "]));

const part = (title, lines, explain) =>
  make("section", {}, make("h2", {}, title), make("ul", {}, ...lines.map((one) => line(one, explain))));

function table({ columns, rows, notes }, explain) {
  const plain = (pieces) => pieces.map((piece) => piece.text ?? piece).join("");
  const head = columns.map((pieces) => make("th", { scope: "col" }, plain(pieces)));
  const body = rows.map((row) =>
    make(
      "tr",
      row.part ? { class: "part" } : {},
      make("th", { scope: "row" }, plain(row.label)),
      ...row.cells.map((cell, n) =>
        make("td", { "data-label": plain(columns[n]) }, cell ? showNumber(cell, explain, true) : say("page.dash")),
      ),
    ),
  );
  return make(
    "section",
    {},
    make("h2", {}, say("page.now.expected")),
    make("table", { class: "expected" }, make("thead", {}, make("tr", {}, make("td"), ...head)), make("tbody", {}, ...body)),
    make("p", { class: "small" }, ...notes.flatMap((pieces) => [...sentence(pieces, explain), " "])),
  );
}

function notices(now) {
  const fields = { replicates: now.replicates };
  const found = [make("p", { class: "small" }, say(now.unfinished ? "page.now.few" : "page.now.sure", fields))];
  if (now.learnt_until && now.moment < now.learnt_until) {
    found.push(make("p", { class: "warning" }, say("page.now.learnt", { until: writeMoment(now.learnt_until) })));
  }
  return found;
}

function write(now, explain) {
  const warnings = now.warnings.map((pieces) => make("p", { class: "warning" }, ...sentence(pieces, explain)));
  const lead = now.lead.length ? [part(say("page.now.lead"), now.lead, explain)] : [];
  const parts = now.parts.map(({ title, lines }) => part(title, lines, explain));
  return [...notices(now), ...warnings, ...lead, ...parts.slice(0, 2), drawCover(now.cover), table(now.expected, explain), ...parts.slice(2)];
}

const CHARTS = { arrivals: "page.now.chart.arrivals", inside: "page.now.chart.inside" };

/** The two charts of a moment: counts and events that were known by then stand in them, later ones do not. */
function drawCharts({ chart, moment }) {
  const start = readTime(chart.times[0]);
  const step = readTime(chart.times[1]) - start;
  const shared = { times: chart.times, unit: say("page.now.people"), at: (readTime(moment) - start) / step };
  return Object.entries(CHARTS).map(([name, title]) => {
    const known = name === "arrivals" ? { counts: chart.counts } : {};
    const events = chart.events.map((event) => ({ time: event.from, label: event.label }));
    return drawFan({ ...shared, ...known, title: say(title), fan: chart[name], events });
  });
}

/** The pictures beside the words: a map that stays, so that its zoom does, and charts made anew for every moment. */
function drawPictures(facts) {
  let [map, charts] = [null, []];
  const holder = make("div");
  const element = make("aside", { class: "pictures", "aria-label": say("page.now.pictures") });
  function show(now) {
    if (!map) {
      map = drawMap(facts, { near: now.map.near });
      put(element, make("h2", {}, say("page.now.map")), map.element, holder);
    }
    const { places, ways, most } = now.map;
    map.show({ places, ways, most: { ...findMost(now.map, facts.ways), people: most } });
    for (const chart of charts) chart.close();
    charts = drawCharts(now);
    put(holder, ...charts.map((chart) => chart.element));
  }
  return { element, show, close: () => [map, ...charts].forEach((one) => one?.close()) };
}

export async function open(root, context, values) {
  const words = make("div", { class: "sentences" });
  const pictures = drawPictures(context.facts);
  let asking = new AbortController();
  const slider = asOf(context.facts, (moment, quietly) => {
    context.go({ moment }, quietly);
    if (quietly) follow({ moment });
  });
  put(root, slider.element, make("div", { class: "columns" }, words, pictures.element));

  function show(now) {
    const explain = (piece) => openNumber(piece, now.moment, context);
    put(words, ...write(now, explain));
    pictures.show(now);
    slider.show(now.moment, now.today);
  }

  async function follow(asked, whole) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    context.tell(say("page.working"));
    try {
      const now = await ask("now", { moment: asked.moment, whole }, signal);
      show(now);
      context.tell("");
      if (now.unfinished) await follow(asked, "yes");
    } catch (error) {
      if (signal.aborted || (error instanceof Refused && error.status === 409)) return;
      context.tell(error.message);
    }
  }
  follow(values);
  return {
    follow,
    close: () => {
      asking.abort();
      pictures.close();
    },
  };
}
