/** What if, in the page of one file: the changes that were computed, one at a time, beside the case as it is. */

import { drawClock } from "./clock.js";
import { nameChoice } from "./compare_choice.js";
import { make, put } from "./dom.js";
import { listNear, makeFrames } from "./frames.js";
import { drawMap } from "./map.js";
import { say } from "./say.js";
import { ask } from "./source.js";
import { drawAnswer } from "./what_if_answer.js";

/** The hour shown first: the one asked for, or when half of those who will be out are. */
function chooseHour({ times, fans }, asked) {
  const known = asked ? times.findIndex((time) => time >= asked) : -1;
  if (known >= 0) return known;
  const out = fans.arrivals.q50;
  return Math.max(0, out.findIndex((people) => people >= out[out.length - 1] / 2));
}

/** The changes to choose from: the case's own variants, then both ends of single numbers. */
function drawOptions(options, choose) {
  const button = (option) => make("input", { type: "radio", name: "kept", value: option.name, onchange: () => choose(option.name) });
  const inputs = new Map(options.map((option) => [option.name, button(option)]));
  const listed = options.map((option) => make("label", { class: "kept-option" }, inputs.get(option.name), " ", make("bdi", {}, nameChoice(option))));
  const element = make("fieldset", { class: "side kept-options" }, make("legend", {}, say("page.kept.options")), ...listed);
  element.append(make("p", { class: "small" }, say("page.kept.others")));
  return { element, show: (name) => (inputs.get(name).checked = true) };
}

export async function open(root, context, values) {
  const { options, links } = await ask("options");
  const base = await ask("what-if", { of: "case" });
  const [answer, map, timing] = [drawAnswer(context.facts), drawMap(context.facts), make("div", { class: "clock-side" })];
  const state = { values, frames: null, clock: null };
  const list = drawOptions(options, (of) => context.go({ ...state.values, of }));
  const pictures = make("div", { class: "pictures" }, timing, make("section", { class: "map-side" }, map.element), answer.charts);
  put(root, make("div", { class: "top" }, answer.lead), list.element, pictures, answer.details);

  function move(at, still) {
    if (state.frames) map.show(state.frames(at));
    answer.move(at, still);
    const time = base.times[Math.round(at)];
    if (!still || time === state.values.at) return;
    state.values = { ...state.values, at: time };
    context.go(state.values, true);
  }
  async function follow(next) {
    const known = options.some((option) => option.name === next.of);
    const of = known ? next.of : (options[1] ?? options[0]).name;
    state.values = { ...next, of };
    const found = of === "case" ? base : await ask("what-if", { of });
    state.frames = makeFrames(found, links);
    if (!state.clock) {
      state.clock = drawClock(base.times, move, chooseHour(found, next.at));
      put(timing, state.clock.element);
    } else if (next.at) state.clock.set(chooseHour(found, next.at));
    list.show(of);
    answer.show(found, base, of !== "case");
    answer.move(state.clock.at, true);
    answer.tell(say("page.compare.sure", { replicates: context.facts.kept.replicates }));
    map.show(state.frames(state.clock.at));
  }
  await follow(values);
  map.zoomTo(listNear(context.facts, links));
  return {
    follow,
    close() {
      state.clock?.close();
      map.close();
      answer.close();
    },
  };
}
