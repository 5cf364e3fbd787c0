/** The map of the places as they are written: dragging one writes its latitude and longitude. */

import { make, put } from "./dom.js";
import { drawMap } from "./map.js";
import { say } from "./say.js";
import { columnsOf, orderOf, setCells, textAt } from "./sheet_edits.js";
import { makeVisible } from "./visible.js";

const DIGITS = 4; // of a degree: some ten metres

/** `choose(key)` is told the row of a place that is clicked. */
export function makePlaceMap(store, context, choose) {
  const holder = make("div", {});
  const element = make("section", { class: "place-map", "aria-label": say("page.case.map") }, make("p", { class: "keys" }, say("page.case.map_about")), holder);
  let map = null;
  let drawn = "";

  function show(base) {
    const places = readPlaces(store, base);
    const now = JSON.stringify(places);
    if (now === drawn) return;
    drawn = now;
    map?.close();
    map = drawMap({ ...context.facts, places }, { pick, onmove: (id, longitude, latitude) => move(base, id, longitude, latitude) });
    put(holder, map.element);
    map.show({});
  }

  function pick(kind, id) {
    const place = kind === "places" ? JSON.parse(drawn).find((one) => one.id === id) : null;
    if (place) choose(place.key);
  }

  function move(base, id, longitude, latitude) {
    const at = columnsAt(store, base);
    const rows = orderOf(base, store.edits()).filter((key) => textAt(base, store.edits(), key, at.id).trim() === id);
    const [x, y] = [longitude.toFixed(DIGITS), latitude.toFixed(DIGITS)];
    const changes = rows.flatMap((key) => [[key, at.latitude, y], [key, at.longitude, x]]);
    const edits = setCells(base, store.edits(), changes);
    drawn = JSON.stringify(readPlaces(store, base, edits)); // the map shows it already
    store.set(edits, "map");
    choose(rows[0]);
    context.tell(say("page.case.moved", { name: id, latitude: y, longitude: x }));
  }

  return { element, show, close: () => map?.close() };
}

function columnsAt(store, base) {
  const named = columnsOf(base, store.edits()).map((column) => column.trim());
  return Object.fromEntries(["id", "name", "kind", "area", "latitude", "longitude"].map((name) => [name, named.indexOf(name)]));
}

/** The places as they are written, each once; one whose position is no number has no place on a map. */
function readPlaces(store, base, edits = store.edits()) {
  const at = columnsAt(store, base);
  const places = new Map();
  for (const key of orderOf(base, edits)) {
    const text = (name) => (at[name] < 0 ? "" : textAt(base, edits, key, at[name]).trim());
    const [latitude, longitude] = ["latitude", "longitude"].map((name) => (text(name) === "" ? NaN : Number(text(name))));
    const there = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    if (text("id") && there && !places.has(text("id")))
      places.set(text("id"), { key, id: text("id"), name: makeVisible(text("name")), kind: text("kind") || "town", side: text("area") === "inside" ? "inside" : "outside", latitude, longitude });
  }
  return [...places.values()];
}
