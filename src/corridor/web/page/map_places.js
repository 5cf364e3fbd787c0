/** Places on the map: a mark for what it is, a circle for who is there, a name. */

import { draw } from "./dom.js";
import { breakName, weigh } from "./labels.js";

const WIDEST = [8, 22]; // pixels of the radius of the place with most people, on a phone and on a large screen
const LINE = 14; // pixels from one line of a name to the next
const GAP = 7;
const MARKS = { junction: 1.6, city: 4.5, capital: 4.5 };
const [ISOLATE, END] = ["\u2068", "\u2069"]; // names of any script keep to themselves

function drawMark(kind, side) {
  if (kind === "crossing") return draw("rect", { class: "mark crossing", x: -4.5, y: -4.5, width: 9, height: 9 });
  if (kind === "camp" || kind === "reception") return draw("path", { class: `mark ${side}`, d: "M0 -5.5L5 4H-5Z" });
  return draw("circle", { class: `mark ${side}${kind === "junction" ? " junction" : ""}`, r: MARKS[kind] ?? 3.5 });
}

/** A place as it is drawn: `lay(pixels)` and `label(box)` after a zoom, `show(people, most, width of the picture)` at each moment. */
export function drawPlace(place, isGate, pickable) {
  const kind = isGate ? "crossing" : place.kind;
  const lines = breakName(place.name || place.id);
  const title = draw("title", {}, `${ISOLATE}${place.name || place.id}${END}`);
  const circle = draw("circle", { class: `people ${place.side}`, r: 0 });
  const element = draw(
    "g",
    { class: `place${pickable ? " pickable" : ""}`, "data-place": place.id },
    circle,
    drawMark(kind, place.side),
    draw("circle", { class: "reach", r: 11 }),
    title,
  );
  const text = draw("text", { class: `name${kind === "city" ? " large" : ""}`, "data-label": place.id, direction: "ltr" });
  text.append(...lines.map((line, i) => draw("tspan", { x: 0, dy: i ? LINE : 0 }, `${ISOLATE}${line}${END}`)));
  const self = { place, element, text, circle, kind, at: [0, 0], width: 0, height: LINE * lines.length + 1, most: 0 };

  self.lay = (pixels) => {
    self.at = pixels;
    element.setAttribute("transform", `translate(${pixels[0].toFixed(1)} ${pixels[1].toFixed(1)})`);
  };
  self.label = (box) => {
    text.style.display = box ? "" : "none";
    if (!box) return;
    const x = { start: box.left, end: box.right, middle: (box.left + box.right) / 2 }[box.anchor];
    text.setAttribute("text-anchor", box.anchor);
    text.setAttribute("transform", `translate(${x.toFixed(1)} ${(box.top + LINE - 2.5).toFixed(1)})`);
  };
  self.show = (people, most, width) => {
    self.most = Math.max(self.most, people || 0);
    const widest = Math.min(Math.max(width / 40, WIDEST[0]), WIDEST[1]);
    const radius = people >= 1 && most > 0 ? (3 + widest * Math.sqrt(people / most)).toFixed(1) : "0";
    if (circle.getAttribute("r") !== radius) circle.setAttribute("r", radius);
  };
  return self;
}

/** What labels.js needs to know of a place; `most` is the largest number of people at any. */
export function describeLabel(drawn, most) {
  const { place, at, kind, width, height } = drawn;
  const junction = kind === "junction";
  const weight = weigh(kind, drawn.most, most);
  return { id: place.id, x: at[0], y: at[1], width, height, gap: GAP, weight, mark: junction ? 0 : 5 };
}

/** Measure the names once: their size on the screen is the same at every zoom. */
export function measureNames(drawn) {
  for (const one of drawn) {
    one.text.style.display = "";
    one.width = Math.max(...[...one.text.children].map((line) => line.getComputedTextLength())) + 3;
  }
}
