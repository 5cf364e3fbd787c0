/** The hour that Compare speaks of: a slider, and a day back and forth. */

import { make } from "./dom.js";
import { moment as writeMoment, readTime, say, writeTime } from "./say.js";

const HOUR = 3600e3;

/** `choose(moment, quietly)` is told while the slider moves (quietly) and when it rests. */
export function drawHour(facts, choose) {
  const start = readTime(facts.start).getTime();
  const hours = Math.round((readTime(facts.end).getTime() - start) / HOUR);
  const at = () => writeTime(new Date(start + slider.valueAsNumber * HOUR));
  const shown = make("output", { for: "compare-hour" });
  let timer;
  const slider = make("input", {
    ...{ id: "compare-hour", type: "range", min: 0, max: hours, step: 1, value: hours },
    oninput: () => {
      write();
      clearTimeout(timer);
      timer = setTimeout(() => choose(at(), true), 150);
    },
    onchange: rest,
  });
  function write() {
    shown.textContent = writeMoment(at());
    slider.setAttribute("aria-valuetext", shown.textContent);
  }
  function rest() {
    clearTimeout(timer);
    choose(at(), false);
  }
  function step(by) {
    slider.valueAsNumber += by;
    write();
    rest();
  }
  const button = (id, sign, by) =>
    make("button", { type: "button", "aria-label": say(id), title: say(id), onclick: () => step(by) }, sign);
  const element = make(
    "div",
    { class: "hour-bar" },
    make("label", { for: "compare-hour" }, say("page.compare.hour"), " ", shown),
    button("page.compare.earlier", "−24", -24),
    slider,
    button("page.compare.later", "+24", 24),
    make("button", { type: "button", onclick: () => step(hours) }, say("page.compare.end")),
  );
  function show(moment) {
    slider.valueAsNumber = moment ? Math.round((readTime(moment).getTime() - start) / HOUR) : hours;
    write();
  }
  return { element, show, close: () => clearTimeout(timer) };
}
