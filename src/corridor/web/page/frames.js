/** What the map shows at an hour: people at places and on ways, vehicles, queues, from an answer's numbers over time. */

import { mix } from "./clock.js";

/** The largest of a list of lists. */
const largest = (lists) => lists.reduce((most, list) => Math.max(most, ...(list ?? [0])), 0);

/**
 * Frames of an answer, all on one scale.
 * @param answer { places: { id: { people: [T] } }, ways: { link: { people, vehicles, delayed: [T] } } }
 * @param links [{ id, way, back, beside, length_km, vehicles_per_km }]: what each link of the answer is
 * @returns a function of the index shown, which may lie between two moments
 */
export function makeFrames(answer, links) {
  const used = links.filter((link) => answer.ways[link.id]);
  const most = {
    people: Math.max(1, largest(Object.values(answer.places).map((place) => place.people))),
    density: Math.max(1, ...used.map((link) => largest([answer.ways[link.id].people]) / (link.kind === "service" ? 50 : link.length_km))),
  };
  return (at) => {
    const places = {};
    for (const [id, place] of Object.entries(answer.places)) places[id] = { people: mix(place.people ?? [], at) };
    const ways = {};
    for (const link of used) {
      const { people = [], vehicles = [], delayed = [] } = answer.ways[link.id];
      const way = (ways[`${link.way}${link.back ? "/back" : ""}`] ??= { people: 0, vehicles: 0, delayed: 0, walking: 0 });
      const there = mix(people, at);
      way.people += there;
      if (link.beside) way.walking += there;
      else {
        way.vehicles += mix(vehicles, at);
        way.delayed += mix(delayed, at);
        way.per_km = link.vehicles_per_km ?? undefined;
      }
    }
    return { places, ways, most };
  };
}

/** The places shown first: those inside, and the far ends of the ways that lead out. */
export function listNear(facts, links) {
  const inside = facts.places.filter((place) => place.side === "inside").map((place) => place.id);
  const ends = links.filter((link) => link.exit).flatMap((link) => [link.from, link.to]);
  return [...new Set([...inside, ...ends])];
}
