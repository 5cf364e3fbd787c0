/** The slider of the moment that a screen speaks of. */

import { make, put } from "./dom.js";
import { moment as writeMoment, readTime, say, writeTime } from "./say.js";

const HOUR = 3600e3;

/** `choose(moment, quietly)` is told while the slider moves (quietly) and when it rests. */
export function asOf(facts, choose) {
  const start = readTime(facts.start).getTime();
  const hours = Math.round((readTime(facts.end).getTime() - start) / HOUR);
  const at = (hour) => writeTime(new Date(start + hour * HOUR));
  const text = make("output", { for: "as-of" });
  const slider = make("input", { id: "as-of", type: "range", min: 0, max: hours, step: 1 });
  let timer;
  const write = () => {
    text.textContent = writeMoment(at(slider.valueAsNumber));
    text.dataset.hour = slider.value;
    slider.setAttribute("aria-valuetext", text.textContent);
  };
  const rest = () => {
    clearTimeout(timer);
    choose(at(slider.valueAsNumber), false);
  };
  slider.addEventListener("input", () => {
    write();
    clearTimeout(timer);
    timer = setTimeout(() => choose(at(slider.valueAsNumber), true), 200);
  });
  slider.addEventListener("change", rest);
  const step = (id, sign, by) =>
    make("button", { type: "button", "aria-label": say(id), title: say(id), onclick: () => move(by) }, sign);
  function move(by) {
    slider.valueAsNumber += by;
    write();
    rest();
  }
  const back = make("button", { type: "button", onclick: () => choose("", false) }, say("page.now.today"));
  const element = make("div", { class: "as-of" });
  put(
    element,
    make("label", { for: "as-of" }, say("page.now.as_of"), " ", text),
    step("page.now.earlier", say("page.now.day_less"), -24),
    slider,
    step("page.now.later", say("page.now.day_more"), 24),
    back,
    make("p", { class: "small" }, say("page.now.hidden")),
  );
  return {
    element,
    show(moment, today) {
      slider.valueAsNumber = Math.round((readTime(moment).getTime() - start) / HOUR);
      back.hidden = moment === today;
      write();
    },
  };
}
