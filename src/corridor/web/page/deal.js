/** The deal as it stands: where a settlement would land, who moves it, whether it could hold; never a chance of peace. */

import { draw, make, put } from "./dom.js";
import { showFaults } from "./evidence.js";
import { number, say } from "./say.js";
import { ask } from "./source.js";

const whole = (value) => number(Math.round(value));
const share = (value) => say("page.evidence.percent", { number: whole(100 * value) });

function drawScale({ centre, interval_90: wide, interval_50: narrow, equal_weights: equal }) {
  const line = (from, to, kind) => draw("line", { x1: from, x2: to, y1: 6, y2: 6, class: kind, "vector-effect": "non-scaling-stroke" });
  const mark = (at, kind) => draw("line", { x1: at, x2: at, y1: 1, y2: 11, class: kind, "vector-effect": "non-scaling-stroke" });
  return draw(
    "svg",
    { viewBox: "0 0 100 12", preserveAspectRatio: "none", class: "scale", role: "img", "aria-label": say("page.deal.scale") },
    line(0, 100, "whole"),
    line(...wide, "wide"),
    line(...narrow, "narrow"),
    mark(centre, "centre"),
    mark(equal.centre, "equal"),
  );
}

function sayWhere(where) {
  const [low, high] = where.interval_90;
  const equal = where.equal_weights;
  const fields = { centre: whole(where.centre), low: whole(low), high: whole(high), error: whole(where.usual_error), deviation: whole(where.deviation_of_positions) };
  const others = { centre: whole(equal.centre), low: whole(equal.interval_90[0]), high: whole(equal.interval_90[1]) };
  return [
    say(where.too_far_apart ? "page.deal.too_far" : "page.deal.about", fields),
    say(equal.too_far_apart ? "page.deal.equal_too_far" : "page.deal.equal", others),
    where.beyond_what_was_tested ? say("page.deal.untested", { share: share(where.largest_share), tested: share(where.largest_share_tested) }) : "",
  ].filter(Boolean).join(" ");
}

const sayWho = (levers) =>
  levers.slice(0, 3).map((lever) => say("page.deal.lever", { name: lever.name, position: whole(lever.position), share: share(lever.weight_share), points: number(lever.leverage, 1) })).join("; ");

function sayRange(range, names) {
  const named = (ids) => ids.map((id) => names[id] ?? id).join(", ") || say("page.deal.end");
  if (range.verdict === "no veto") return say("page.deal.no_veto");
  const zone = range.central;
  const fields = { low: whole(zone.low), high: whole(zone.high), below: named(zone.binds_low), above: named(zone.binds_high) };
  const open = range.vetoes_without_no_deal_value;
  const said = say(zone.width < 0 ? "page.deal.range_empty" : "page.deal.range", fields);
  if (open.length) return `${said} ${say("page.deal.open", { names: named(open) })}`;
  return range.certain ? said : `${said} ${say("page.deal.uncertain")}`;
}

const list = (texts) => make("ul", {}, ...(texts.length ? texts : [say("page.deal.nothing")]).map((text) => make("li", {}, text)));

function showDecided({ draws, robust, needs, depends, cannot_be_said: cannot }) {
  const texts = (parts) => parts.map((part) => part.text);
  return make(
    "section",
    { class: "issue" },
    make("h2", {}, say("page.deal.decided")),
    make("p", { class: "small" }, say("page.deal.decided_note", { draws: number(draws) })),
    list(texts(robust)),
    ...(needs.length ? [make("h3", {}, say("page.deal.needs")), list(needs)] : []),
    make("details", {}, make("summary", {}, say("page.deal.depends")), list(texts(depends))),
    make("h3", {}, say("page.deal.cannot")),
    list(cannot),
  );
}

const showTable = ({ rows, columns, needed }, digits = (value) => number(value, 2)) =>
  make(
    "table",
    {},
    make("tr", {}, make("th", {}), ...columns.values.map((value) => make("th", {}, digits(value)))),
    ...needed.map((row, at) => make("tr", {}, make("th", {}, digits(rows.values[at])), ...row.map((cell) => make("td", {}, digits(cell))))),
  );

function sayCommitment(one, names) {
  if (!one) return null;
  const two = (value) => number(value, 2);
  const fields = {
    actor: names[one.exposed_actor] ?? one.exposed_actor,
    needed: two(one.guarantee_needed), low: two(one.guarantee_needed_range[0]), high: two(one.guarantee_needed_range[1]),
    least: two(one.guarantee_offered_range[0]), most: two(one.guarantee_offered_range[1]),
  };
  const label = { rows: say(`page.deal.number.${one.table.rows.assumption}`), columns: say(`page.deal.number.${one.table.columns.assumption}`) };
  return make(
    "div",
    {},
    make("p", {}, say(one.holds_itself_up ? "page.deal.holds" : "page.deal.holds_not", fields), " ", one.says.join(" ")),
    make("p", { class: "small" }, say("page.deal.table", label)),
    showTable(one.table),
  );
}

const across = (x) => `${(8 + 0.57 * x).toFixed(2)}%`;
const up = (position) => `${(7 + 0.8 * (100 - position)).toFixed(2)}%`;

const shorten = (name) => (name.length > 26 ? `${name.slice(0, 25)}…` : name);
const letter = (at) => "abcdefghijklmnopqrstuvwxyz"[at % 26];

/** How positions moved: a line for each actor, what all who are needed accept in grey, events by number. */
function drawMoves({ rounds, ranges, lines, events }, title) {
  const line = (x1, x2, y1, y2, more = {}) => draw("line", { x1, x2, y1, y2, ...more });
  const text = (x, y, words, more = {}) => draw("text", { x, y, ...more }, words);
  const shade = ({ from, to, low, high }) => draw("rect", { x: across(from), width: `${0.57 * (to - from)}%`, y: up(high), height: `${Math.max(0.8 * (high - low), 0.6)}%`, class: "range" });
  const scale = (y) => [line("8%", "65%", up(y), up(y), { class: "axis" }), text("7.3%", up(y), number(y), { dy: ".35em", "text-anchor": "end" })];
  const event = ({ x, number: at }) => [line(across(x), across(x), "7%", "87%", { class: "event" }), text(across(x), "5%", number(at), { "text-anchor": "middle" })];
  const actor = ({ name, needed, stretches, label }, at) => {
    const last = stretches.at(-1).position;
    const steps = stretches.flatMap(({ from, to, position }, n) => [
      line(across(from), across(to), up(position), up(position)),
      ...(n + 1 < stretches.length ? [line(across(to), across(to), up(position), up(stretches[n + 1].position))] : []),
    ]);
    return draw("g", { class: `actor a${at % 6}${needed ? " needed" : ""}` }, ...steps, line("65%", "67.5%", up(last), up(label), { class: "lead" }), text("68%", up(label), shorten(name), { dy: ".35em" }));
  };
  return make(
    "figure",
    {},
    draw("svg", { class: "moves", role: "img", direction: "ltr", "aria-label": say("page.deal.moves", { issue: title }) },
      ...ranges.map(shade), ...[0, 50, 100].flatMap(scale), ...events.flatMap(event),
      ...rounds.flatMap(({ x }, at) => [line(across(x), across(x), "87%", "90%", { class: "tick" }), text(across(x), "97%", letter(at), { "text-anchor": "middle" })]), ...lines.map(actor)),
    make("figcaption", { class: "small" }, say("page.deal.moves_legend"), " ", make("b", {}, say("page.deal.moves_rounds")), " ", rounds.map(({ day }, at) => `${letter(at)}: ${day}`).join("; "), ". ", events.map(({ number: at, day, words }) => `${number(at)}: ${day}, ${words}`).join("; ")),
  );
}

const showIssue = (issue, names) =>
  make(
    "section",
    { class: "issue" },
    make("h2", {}, make("bdi", {}, issue.title)),
    drawScale(issue.where),
    make("p", { class: "ends small" }, make("span", {}, `0: ${issue.scale["0"]}`), make("span", {}, `100: ${issue.scale["100"]}`)),
    make("p", {}, make("b", {}, say("page.deal.where")), " ", sayWhere(issue.where)),
    issue.whether.centre.says.length ? make("p", {}, issue.whether.centre.says.join(" ")) : null,
    make("p", {}, make("b", {}, say("page.deal.who")), " ", sayWho(issue.who), "."),
    make("p", {}, make("b", {}, say("page.deal.whether")), " ", sayRange(issue.whether.range, names)),
    sayCommitment(issue.whether.commitment, names),
    issue.rounds ? drawMoves(issue.rounds.picture, issue.title) : null,
    issue.rounds ? list(issue.rounds.rounds.map((one) => one.says.join(" "))) : null,
  );

const showProposals = (proposals) =>
  list(
    proposals.map((proposal) => `${proposal.says[0]}: ${proposal.points.map((point) => `${point.title}, ${whole(point.value)}${point.text ? ` (${point.text})` : ""}. ${point.says.join(" ")}`).join(" ")}`),
  );

export async function open(root) {
  put(root, make("p", {}, say("page.working")));
  const { deal, refused, faults, error } = await ask("deal");
  if (refused) {
    put(root, ...(faults.length ? showFaults(faults) : [make("p", {}, error)]));
    return {};
  }
  if (!deal) {
    put(root, make("p", {}, say("page.deal.none")));
    return {};
  }
  const skill = deal.accuracy;
  put(
    root,
    make("p", {}, say("page.deal.three", { assumptions: number(deal.assumptions.length) })),
    showDecided(deal.decided),
    ...deal.issues.map((issue) => showIssue(issue, deal.names)),
    deal.proposals.length ? showProposals(deal.proposals) : null,
    make("p", { class: "small" }, say("page.deal.points"), " ", say("page.deal.legend", { tested: skill.tested_on, error: number(skill.mean_absolute_error, 1), equal: number(skill.mean_absolute_error_equal_weights, 1), fifty: number(skill.mean_absolute_error_of_50, 1) })),
    make("div", { class: "warning" }, make("p", {}, say("page.deal.not_claimed")), make("ul", {}, ...deal.must_not_claim.map((line) => make("li", {}, line)))),
  );
  return {};
}
