/** The map: places, ways and who is on them, in plain SVG; one unit of the picture is one pixel of the screen. */

import { draw, make } from "./dom.js";
import { makePlane, toPixels, toPlane } from "./geometry.js";
import { placeLabels } from "./labels.js";
import { listenOn, listenToKeys } from "./map_gestures.js";
import { drawButtons, drawOutline, drawScale, listTaken } from "./map_frame.js";
import { drawLegend, drawTable } from "./map_legend.js";
import { pace } from "./map_pace.js";
import { describeLabel, drawPlace, measureNames } from "./map_places.js";
import { makeView } from "./map_view.js";
import { drawWay, listWays } from "./map_ways.js";
import { say } from "./say.js";

/**
 * Draw the map of a case.
 * @param facts of /api/case: places, ways, services, checkpoints, outline
 * @param options { pick(kind, id), onmove(id, longitude, latitude), near: ids of the places shown at first }
 * @returns { element, show(frame), zoomTo(ids), zoom(factor), close }; a frame is
 *   { places: { id: { people } }, ways: { id: { people, vehicles, delayed } }, most: { people, density } }: people at a place
 *   and on a way (`id/back`: in the other direction), vehicles held up; `most` is what the widest circle and line stand for
 */
export function drawMap(facts, options = {}) {
  const places = facts.places.filter((place) => Number.isFinite(place.latitude) && Number.isFinite(place.longitude));
  const plane = makePlane(places.map((place) => [place.longitude, place.latitude]));
  const gates = new Set((facts.checkpoints ?? []).map((checkpoint) => checkpoint.place));
  const drawn = new Map(places.map((one) => [one.id, drawPlace(one, gates.has(one.id), Boolean(options.pick))]));
  const flat = new Map(places.map((one) => [one.id, plane.flatten([one.longitude, one.latitude])]));
  const names = new Map(places.map((one) => [one.id, one.name || one.id]));
  const nameWay = (way) => way.name || say("page.map.between", { from: names.get(way.from), to: names.get(way.to) });
  const ways = listWays({ ...facts, places }).map((way) => drawWay(way, nameWay(way)));
  const parts = layOut(drawOutline(facts.outline, plane), ways, drawn);
  let [frame, most] = [{}, null];

  const lay = () => {
    const { view, size } = camera;
    for (const [id, one] of drawn) one.lay(toPixels(view, flat.get(id)));
    for (const one of ways) one.lay([one.way.from, one.way.to].map((id) => drawn.get(id).at));
    parts.outline.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
    const largest = Math.max(0, ...[...drawn.values()].map((one) => one.most));
    const boxes = placeLabels([...drawn.values()].map((one) => describeLabel(one, largest)), size, listTaken(size));
    for (const [id, one] of drawn) one.label(boxes.get(id));
    drawScale(parts.scale, view, size);
    parts.picture.classList.toggle("closer", !camera.isWhole());
  };
  const drawing = pace(parts.picture, drawn.size + ways.length, { lay: () => lay(), paint: () => paint(), view: () => camera.view });
  const layLater = drawing.move;
  const camera = makeView(layLater);
  const locate = (ids) => ids.map((id) => flat.get(id)).filter(Boolean);
  const act = {
    ...{ zoom: camera.zoom, pan: camera.pan, whole: camera.whole, isWhole: camera.isWhole },
    pick: (target) => {
      const [place, way] = [target.closest("[data-place]"), target.closest("[data-way]")];
      if (place) options.pick?.("places", place.dataset.place);
      else if (way) options.pick?.("ways", way.dataset.way);
      parts.element.focus({ preventScroll: true });
    },
    ...carryPlaces(flat, camera, plane, options.onmove, layLater),
  };
  listenOn(parts.picture, parts.element, act);
  listenToKeys(parts.element, act);
  parts.element.append(drawButtons(act));

  const observer = new ResizeObserver(() => {
    const [width, height] = [parts.picture.clientWidth, parts.picture.clientHeight];
    if (!width || !height || (camera.size?.width === width && camera.size?.height === height)) return;
    parts.picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const first = !camera.view;
    if (first) measureNames(drawn.values());
    camera.resize(width, height, [...flat.values()]);
    if (first && options.near?.length) camera.show(locate(options.near));
    if (most) paint();
  });
  if (places.length) observer.observe(parts.picture);

  const lines = ways.map((one) => one.way);
  const table = drawTable(places, lines, nameWay, options.pick);
  const paint = () => {
    const width = camera.size?.width ?? 900;
    for (const [id, one] of drawn) one.show(frame.places?.[id]?.people, most.people, width);
    for (const one of ways) one.show(frame.ways?.[one.way.id], frame.ways?.[`${one.way.id}/back`], most.density);
  };
  function show(shown) {
    const first = !most;
    frame = shown;
    most = shown.most ?? findMost(shown, lines);
    drawing.show();
    table.show(shown);
    if (first) layLater(); // who is where decides which names are shown first
  }
  const element = make("div", { class: "map-whole" }, parts.element, drawLegend(facts, places, lines), table.element);
  return {
    ...{ element, show, zoom: camera.zoom, close: () => observer.disconnect() },
    zoomTo: (ids) => camera.show(locate(ids?.length ? ids : [...flat.keys()])),
  };
}

/** What the widest circle and the widest line stand for, where the frame does not say: the most there is. */
export function findMost(frame, ways) {
  const density = ways.map((way) => {
    const both = [frame.ways?.[way.id], frame.ways?.[`${way.id}/back`]];
    return both.reduce((sum, one) => sum + (one?.people ?? 0), 0) / (way.length_km || 50);
  });
  const people = Object.values(frame.places ?? {}).map((place) => place.people ?? 0);
  return { people: Math.max(1, ...people), density: Math.max(1, ...density) };
}

/** A place taken by the pointer: it follows, and `onmove` is told where it was let go. */
function carryPlaces(flat, camera, plane, onmove, changed) {
  let carried = null;
  return {
    grab: (target) => {
      const id = onmove && target.closest("[data-place]")?.dataset.place;
      carried = id ? { id, from: flat.get(id) } : null;
      return Boolean(id);
    },
    carry: (pixels) => {
      flat.set(carried.id, toPlane(camera.view, pixels));
      changed();
    },
    drop: (moved) => {
      if (moved) onmove(carried.id, ...plane.unflatten(flat.get(carried.id)));
      else flat.set(carried.id, carried.from);
      changed();
    },
  };
}

function layOut(outline, ways, drawn) {
  const places = [...drawn.values()];
  const scale = draw("g", { class: "scale" }, draw("path"), draw("text", { direction: "ltr" }));
  const picture = draw(
    "svg",
    { class: "map", role: "img", direction: "ltr", "aria-label": say("page.map.title") },
    draw("desc", {}, say("page.map.about", { places: drawn.size, ways: ways.length })),
    outline,
    draw("g", { class: "ways" }, ...ways.map((one) => one.element)),
    draw("g", { class: "places" }, ...places.map((one) => one.element)),
    draw("g", { class: "names" }, ...places.map((one) => one.text)),
    scale,
  );
  const frame = { class: "map-frame", tabindex: 0, role: "group", "aria-label": say("page.map.keys") };
  return { element: make("div", frame, picture), picture, outline, scale };
}
