/** The answer to a what-if: first the difference that the change makes, then both ways things may go, then who gains and loses. */

import { drawFan } from "./chart.js";
import { make, put } from "./dom.js";
import { moment, number, rounded, say } from "./say.js";

const SERIES = ["arrivals", "inside", "on_roads", "held_back", "waiting_for_transport"];
const MOST = 4; // exits and losers named
const LIKELY = 0.75; // of the courses in which somebody must lose to be named

const at = (points, i) => [points.q05[i], points.q50[i], points.q95[i]];

const strip = (text) => text.replace(/^[-\u2212]/, "");

/** A difference in words: "12,000 more people out (9 in 10: 5,000 to 22,000)"; what may be either says so. */
export function sayDifference(three, name) {
  const texts = rounded(three);
  const [low, middle, high] = texts.map(strip);
  const [below, above] = [low !== "0" && texts[0] !== low, high !== "0" && texts[2] === high];
  const what = (kind, fields) => say(`page.what_if.${kind}`, { name: say(`page.what_if.series.${name}`), ...fields });
  if (!below && !above) return what("none", {});
  if (middle === "0") return what(below && above ? "even" : below ? "up_to_fewer" : "up_to_more", { fewer: low, more: high });
  if (!below) return what("more", { low, middle, high });
  if (!above) return what("fewer", { low: high, middle, high: low });
  return what(texts[1] === middle ? "rather_more" : "rather_fewer", { middle, fewer: low, more: high });
}

/** People of a series with their range. */
function sayPeople(three, name) {
  const [low, middle, high] = rounded(three);
  return say("page.what_if.people", { name: say(`page.what_if.series.${name}`), low, middle, high });
}

/** How sure it is that more are out: in so many of a hundred courses. */
function saySure(higher, points, i) {
  if (points.q05[i] === 0 && points.q95[i] === 0) return "";
  if (points.q50[i] < 0) return say("page.what_if.sure_fewer", { share: number(100 * (1 - higher[i])) });
  return say("page.what_if.sure", { share: number(100 * higher[i]) });
}

/** A middle, and the range below it. */
function showRange(three) {
  const [low, middle, high] = rounded(three);
  const rest = low === high ? null : make("span", { class: "of-ten" }, say("page.what_if.low_high", { low, high }));
  return make("td", {}, make("b", {}, middle), rest);
}

function drawTable(answer, base, i) {
  const names = SERIES.filter((name) => answer.fans[name] && base.fans[name]);
  const rows = names.map((name) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, say(`page.what_if.series.${name}`)),
      showRange(at(base.fans[name], i)),
      showRange(at(answer.fans[name], i)),
      make("td", {}, sayDifference(at(answer.paired[name], i), "people")),
    ),
  );
  const heads = ["as_it_is", "changed", "difference"].map((name) => make("th", { scope: "col" }, say(`page.what_if.column.${name}`)));
  const caption = make("caption", {}, say("page.what_if.at", { time: moment(answer.times[i]) }));
  const head = make("thead", {}, make("tr", {}, make("td"), ...heads));
  return make("table", { class: "side-by-side" }, caption, head, make("tbody", {}, ...rows));
}

/** Who gets out by which way in the end, and who goes without longer. */
function listOthers(answer, facts) {
  const gained = Object.entries(answer.exits).filter(([, exit]) => exit.gained?.some((people) => people !== 0));
  gained.sort(([, a], [, b]) => Math.abs(b.gained[1]) - Math.abs(a.gained[1]));
  const names = new Map(facts.places.map((place) => [place.id, place.name || place.id]));
  const exits = gained.slice(0, MOST).map(([id, exit]) => make("li", {}, make("bdi", {}, exit.name || id), ": ", sayDifference(exit.gained, "out")));
  const losers = (answer.without.more ?? []).filter((row) => row.share_higher >= LIKELY).slice(0, MOST).map((row) => {
    const place = row.place === answer.without.road ? say("page.what_if.on_roads") : (names.get(row.place) ?? row.place);
    const days = sayDifference([row.q05, row.difference, row.q95], "person_days");
    return make("li", {}, say("page.what_if.loses", { place, item: row.item, days }));
  });
  const note = make("p", { class: "small" }, answer.without.label);
  return [
    ...(exits.length > 1 ? [make("h3", {}, say("page.what_if.by_exit")), make("ul", {}, ...exits)] : []),
    ...(losers.length ? [make("h3", {}, say("page.what_if.losers")), make("ul", {}, ...losers), note] : []),
  ];
}

/** Draw the answer's parts: { lead, charts, details, show(answer, base, changed), move(index) }. */
export function drawAnswer(facts) {
  const [sentence, sure, progress] = ["difference", "sure", "small"].map((name) => make("p", { class: name, dir: "auto" }));
  const lead = make("section", { class: "lead", "aria-live": "polite" }, sentence, sure, progress);
  const choice = make("select", { id: "what-if-series", onchange: () => redraw() }, ...SERIES.map((name) => make("option", { value: name }, say(`page.what_if.series.${name}`))));
  const [pictures, table, others] = [make("div"), make("div", { class: "scroll" }), make("div")];
  const label = make("label", { for: "what-if-series", class: "small" }, say("page.what_if.show"), " ");
  const charts = make("section", { class: "charts" }, make("div", {}, label, choice), pictures);
  const details = make("section", { class: "details" }, table, others);
  const events = facts.events.filter((event) => event.label).map((event) => ({ label: event.label, time: [event.time].flat()[0] }));
  let [answer, base, changed, index, shown] = [null, null, false, 0, []];

  function redraw() {
    for (const chart of shown) chart.close();
    const name = choice.value;
    const fan = answer.fans[name];
    const title = say(`page.what_if.chart.${name}`);
    shown = fan ? [drawFan({ title, times: answer.times, fan, base: changed ? base?.fans[name] : null, events, at: index })] : [];
    if (fan && changed) {
      const title = say("page.what_if.chart.difference", { name: say(`page.what_if.series.${name}`) });
      shown.push(drawFan({ title, times: answer.times, fan: answer.paired[name], zero: true, at: index, height: 150 }));
    }
    put(pictures, ...shown.map((chart) => chart.element));
    put(others, ...(changed ? listOthers(answer, facts) : []));
  }
  function write() {
    const i = Math.round(index);
    const by = moment(answer.times[i], { weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    sentence.textContent = changed
      ? say("page.what_if.by", { time: by, difference: sayDifference(at(answer.paired.arrivals, i), "out") })
      : say("page.what_if.unchanged", { time: by, people: sayPeople(at(answer.fans.arrivals, i), "arrivals") });
    sure.textContent = changed ? saySure(answer.paired.arrivals.higher, answer.paired.arrivals, i) : say("page.what_if.begin");
    if (base) put(table, changed ? drawTable(answer, base, i) : null);
  }
  return {
    ...{ lead, charts, details },
    tell: (text) => (progress.textContent = text),
    show(next, asItIs, isChanged) {
      [answer, base, changed] = [next, asItIs, isChanged];
      index = Math.min(index, answer.times.length - 1);
      redraw();
      write();
    },
    move(at, still) {
      index = at;
      for (const chart of shown) chart.show(at);
      if (answer && still) write();
    },
    close: () => shown.forEach((chart) => chart.close()),
  };
}
