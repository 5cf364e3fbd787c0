/** The relief plan: what goes when from where to where, who gets less than others, what binds, what more is worth. */

import { draw, make, put } from "./dom.js";
import { explain, showFaults } from "./evidence.js";
import { day, moment, number, say } from "./say.js";
import { ask } from "./source.js";

const when = (text) => (text.length > 10 ? moment(text) : day(text));
const writeLoads = (loads) =>
  loads.filter(({ tonnes }) => tonnes >= 0.005).map(({ item, tonnes }) => say("page.plan.load", { item, tonnes: number(tonnes, tonnes < 1 ? 2 : 1) })).join(", ");
const percent = (share) => say("page.evidence.percent", { number: number(100 * share, 0) });

/** A row for each place that something goes to; a bar from departure to arrival, or the day where that is all that is told. */
function drawTimeline({ convoys, days, coarse }) {
  const hours = 24 * days;
  const places = [...new Set(convoys.map((convoy) => convoy.to))];
  const height = 22;
  const left = 230;
  const width = 800;
  const at = (hour) => left + ((width - left) * Math.min(Math.max(hour, 0), hours)) / hours;
  const step = days > 10 ? 48 : 24;
  const lines = [];
  for (let hour = 0; hour <= hours; hour += step) {
    lines.push(draw("line", { x1: at(hour), x2: at(hour), y1: 0, y2: places.length * height, class: "grid" }));
    lines.push(draw("text", { x: at(hour), y: places.length * height + 14, "text-anchor": "middle" }, say("page.plan.day", { day: hour / 24 })));
  }
  const rows = places.map((place, row) => draw("text", { x: left - 8, y: row * height + 15, "text-anchor": "end" }, place.length > 26 ? `${place.slice(0, 25)}…` : place));
  const bars = convoys.map((convoy) => {
    const [from, to] = convoy.hours;
    const box = { x: at(from), y: places.indexOf(convoy.to) * height + 4, width: Math.max(at(to) - at(from), 3), height: height - 8, class: "convoy" };
    return draw("rect", box, draw("title", {}, `${convoy.fleet}: ${writeLoads(convoy.loads)}, ${when(convoy.departs)}`));
  });
  const label = say(coarse ? "page.plan.timeline_days" : "page.plan.timeline");
  return make(
    "figure",
    {},
    make("figcaption", { class: "small" }, label),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, draw("svg", { viewBox: `0 0 ${width + 20} ${places.length * height + 20}`, class: "timeline", "aria-hidden": "true" }, ...lines, ...rows, ...bars)),
  );
}

function table(name, head, rows) {
  const cells = (row) => row.map((cell, n) => (n ? make("td", { "data-label": say(`page.plan.${head[n]}`) }, cell) : make("th", { scope: "row" }, cell)));
  return make(
    "table",
    { class: "stack" },
    make("caption", {}, say(`page.plan.${name}`)),
    make("thead", {}, make("tr", {}, ...head.map((one) => make("th", { scope: "col" }, say(`page.plan.${one}`))))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row)))),
  );
}

function showPlan(plan) {
  const convoys = plan.convoys.map((one) => [when(one.departs), one.fleet, one.from, one.to, number(one.trucks), writeLoads(one.loads)]);
  const less = plan.shares.filter((share) => share.less);
  const row = (one) => [one.place, one.item, number(one.people), percent(one.met), percent(one.overall), number(one.without), number(one.unaided)];
  const head = ["place", "item", "people", "met", "overall", "without", "unaided"];
  return [
    make("section", {}, make("h2", {}, say("page.plan.binds")), make("ul", {}, ...plan.says.map((line) => make("li", {}, line)))),
    make("section", {}, make("h2", {}, say("page.plan.when")), plan.convoys.length ? drawTimeline(plan) : null, table("convoys", ["departs", "fleet", "from", "to", "trucks", "loads"], convoys)),
    make("section", {}, make("h2", {}, say("page.plan.less")), less.length ? table("less_of", head, less.map(row)) : make("p", {}, say("page.plan.nobody_less")), make("details", {}, make("summary", {}, say("page.plan.all_shares")), table("shares", head, plan.shares.map(row)))),
    ...plan.warnings.map((warning) => make("p", { class: "warning" }, `${warning.found}: ${warning.fix}`)),
    make("p", { class: "small" }, say("page.plan.within", { gap: number(100 * plan.within, 2) })),
  ];
}

export async function open(root, context, values) {
  const body = make("div", { role: "status" });
  const days = make("input", { type: "number", id: "plan-days", min: "1", max: "30", step: "1", required: true });
  const expected = make("input", { type: "checkbox", id: "plan-expected" });
  const go = () => context.go({ part: "plan", days: days.value, expected: expected.checked ? "yes" : "" });
  const form = make(
    "form",
    { class: "fields", onsubmit: (event) => (event.preventDefault(), go()) },
    make("label", { for: "plan-days" }, say("page.plan.days")),
    days,
    make("label", { class: "check" }, expected, ` ${say("page.plan.expected")}`),
    make("button", {}, say("page.plan.make")),
  );
  put(root, make("p", { class: "small" }, say("page.plan.about")), form, body);
  let asking = new AbortController();

  async function follow(asked) {
    asking.abort();
    const own = (asking = new AbortController());
    days.value = asked.days ?? "14";
    expected.checked = asked.expected === "yes";
    put(body, make("p", {}, say("page.plan.working")));
    try {
      const plan = await ask("plan", { days: days.value, expected: asked.expected }, own.signal);
      put(body, ...(plan.refused ? (plan.faults.length ? showFaults(plan.faults) : [make("p", {}, plan.error)]) : showPlan(plan)));
    } catch (error) {
      if (!own.signal.aborted) put(body, make("p", { class: "fault" }, explain(error)));
    }
  }
  follow(values);
  return { follow, close: () => asking.abort() };
}
