/** What stands around the map's places: lines of an outline below, a scale, and the buttons. */

import { draw, make } from "./dom.js";
import { KM_PER_DEGREE, roundDown, writeLine } from "./geometry.js";
import { STEP } from "./map_gestures.js";
import { number, say } from "./say.js";

/** Lines of longitude and latitude, on the plane; fine enough to be looked at closely. */
export function drawOutline(lines, plane) {
  const write = (points) => `M${points.map(([x, y]) => `${x.toFixed(5)} ${y.toFixed(5)}`).join("L")}`;
  return draw("g", { class: "outline" }, ...(lines ?? []).map((line) => draw("path", { d: write(line.map(plane.flatten)) })));
}

/** A round number of kilometres, drawn to scale. */
export function drawScale(group, view, size) {
  const pixels = view.scale / KM_PER_DEGREE; // of a kilometre
  const km = roundDown(Math.min(size.width / 4, 120) / pixels);
  const [line, text] = group.children;
  const [top, low, end] = [size.height - 14, size.height - 9, 10 + km * pixels];
  line.setAttribute("d", writeLine([[10, top], [10, low], [end, low], [end, top]]));
  text.setAttribute("x", end + 4);
  text.setAttribute("y", size.height - 8);
  text.textContent = say("page.map.km", { km: number(km, 2) });
}

/** Where the scale and the buttons lie, in pixels. */
export const listTaken = ({ width, height }) => [
  { left: 0, right: Math.min(width / 4, 120) + 60, top: height - 24, bottom: height },
  { left: width - 46, right: width, top: 0, bottom: 124 },
];

export function drawButtons(act) {
  const button = (name, text, onclick) =>
    make("button", { type: "button", "aria-label": say(`page.map.${name}`), title: say(`page.map.${name}`), onclick }, text);
  return make(
    "div",
    { class: "map-buttons" },
    button("closer", "+", () => act.zoom(STEP)),
    button("further", "−", () => act.zoom(1 / STEP)),
    button("whole", "⤢", act.whole),
  );
}
