/** What the marks of the map mean, and the same map as a table. */

import { draw, make, put } from "./dom.js";
import { number, say } from "./say.js";

const sample = (...shapes) =>
  draw("svg", { class: "map sample", viewBox: "0 0 30 14", width: 30, height: 14, "aria-hidden": "true" }, ...shapes);
const line = (kind, ...others) => draw("path", { class: `way ${kind}`, d: "M1 7H29", "stroke-width": 5 }, ...others);

/** The legend: only what is on this map. */
export function drawLegend(facts, places, ways) {
  const kinds = new Set(ways.map((way) => way.kind));
  const sides = new Set(places.map((place) => place.side));
  const gates = (facts.checkpoints ?? []).length > 0 || places.some((place) => place.kind === "crossing");
  const camps = places.some((place) => place.kind === "camp" || place.kind === "reception");
  const walked = ways.some((way) => !way.served);
  const rows = [
    sides.has("inside") && ["inside", draw("circle", { class: "people inside", cx: 15, cy: 7, r: 6 }), draw("circle", { class: "mark inside", cx: 15, cy: 7, r: 3.5 })],
    sides.has("outside") && ["outside", draw("circle", { class: "people outside", cx: 15, cy: 7, r: 6 }), draw("circle", { class: "mark outside", cx: 15, cy: 7, r: 3.5 })],
    gates && ["crossing", draw("rect", { class: "mark crossing", x: 10.5, y: 2.5, width: 9, height: 9 })],
    camps && ["camp", draw("path", { class: "mark outside", d: "M15 1.5L20 11H10Z" })],
    ["flow", line("base road"), line("flow")],
    ["queue", line("base road"), line("queue")],
    walked && ["walked", line("base road"), line("walked")],
    ...["track", "path", "rail", "water", "air", "service"].map(
      (kind) => kinds.has(kind) && [kind, line(`base ${kind}`), kind === "rail" ? line("ties") : null],
    ),
  ].filter(Boolean);
  const entries = rows.map(([name, ...shapes]) => make("li", {}, sample(...shapes), say(`page.map.legend.${name}`)));
  return make("ul", { class: "map-legend" }, ...entries);
}

const COLUMNS = ["people", "vehicles", "delayed"];

/** The map as two tables, filled when they are opened; a row can be picked as on the map. */
export function drawTable(places, ways, nameWay, pick) {
  const [body, details] = [make("div"), make("details", { class: "map-table" })];
  details.append(make("summary", {}, say("page.map.table")), body);
  let frame = {};
  const entry = (kind, id, name) =>
    pick ? make("button", { type: "button", class: "link", onclick: () => pick(kind, id) }, make("bdi", {}, name)) : make("bdi", {}, name);
  const cell = (value) => make("td", {}, value === undefined ? "" : number(value));
  const head = (title, columns) => make("tr", {}, ...[title, ...columns].map((name) => make("th", { scope: "col" }, say(`page.map.column.${name}`))));
  const row = (kind, id, name, values) => make("tr", {}, make("th", { scope: "row" }, entry(kind, id, name)), ...values);

  function listWay(way) {
    const both = ["", "/back"].filter((end, i) => i === 0 || frame.ways?.[`${way.id}${end}`]?.people);
    return both.map((end) => {
      const there = frame.ways?.[`${way.id}${end}`] ?? {};
      const name = end ? say("page.map.back", { way: nameWay(way) }) : nameWay(way);
      return row("ways", way.id, name, COLUMNS.map((column) => cell(there[column])));
    });
  }
  function fill() {
    const sides = (place) => make("td", {}, say(`page.map.side.${place.side || "none"}`));
    put(
      body,
      make("table", {}, make("thead", {}, head("place", ["side", "people"])), make("tbody", {}, ...places.map((place) => row("places", place.id, place.name || place.id, [sides(place), cell(frame.places?.[place.id]?.people)])))),
      make("table", {}, make("thead", {}, head("way", COLUMNS)), make("tbody", {}, ...ways.flatMap(listWay))),
    );
  }
  details.addEventListener("toggle", () => details.open && fill());
  let asked = 0;
  const show = (shown) => {
    frame = shown;
    if (!details.open || asked) return;
    asked = setTimeout(() => {
      asked = 0;
      fill();
    }, 500); // a moving clock need not rewrite it in every frame
  };
  return { element: details, show };
}
