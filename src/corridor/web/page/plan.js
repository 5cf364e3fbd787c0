/** The relief plan: what goes when from where to where, who gets less than others, what binds, what more is worth. */

import { make, put } from "./dom.js";
import { explain, showFaults } from "./evidence.js";
import { day, moment, number, say } from "./say.js";
import { ask } from "./source.js";
import { drawTimetable } from "./timetable.js";

const when = (text) => (text.length > 10 ? moment(text) : day(text));
const writeLoads = (loads) =>
  loads.filter(({ tonnes }) => tonnes >= 0.005).map(({ item, tonnes }) => say("page.plan.load", { item, tonnes: number(tonnes, tonnes < 1 ? 2 : 1) })).join(", ");
const percent = (share) => say("page.evidence.percent", { number: number(100 * share, 0) });

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
    make("section", {}, make("h2", {}, say("page.plan.when")), plan.timetable.rows.length ? drawTimetable(plan.timetable, plan.coarse) : null, table("convoys", ["departs", "fleet", "from", "to", "trucks", "loads"], convoys)),
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
