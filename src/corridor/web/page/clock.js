/** The hour shown: played, stepped, or chosen by hand. Between two recorded hours what is shown moves evenly. */

import { make } from "./dom.js";
import { moment, say } from "./say.js";

const SPEEDS = [2, 6, 12, 24]; // recorded moments in a second
const USUAL = 6;
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A number of a series at an index that may lie between two moments. */
export function mix(values, at) {
  const before = Math.floor(at);
  const share = at - before;
  const first = values[before] ?? 0;
  return share > 0 ? first + share * ((values[before + 1] ?? first) - first) : first;
}

/**
 * Draw a clock.
 * @param times moments, local texts
 * @param hear (at, still) is called with the index shown; `still` is false while it plays
 * @param at the index at first
 * @returns { element, set(at), get at(), stop(), close() }
 */
export function drawClock(times, hear, at = 0) {
  const last = times.length - 1;
  const state = { at: Math.min(Math.max(at, 0), last), playing: 0, before: 0, speed: USUAL };
  const button = (name, text, act) => make("button", { type: "button", "aria-label": say(`page.clock.${name}`), onclick: act }, text);
  const play = button("play", "▶", () => (state.playing ? stop() : begin()));
  const slider = make("input", {
    ...{ type: "range", min: 0, max: last, step: 1, value: state.at, "aria-label": say("page.clock.hour") },
    oninput: () => choose(Number(slider.value)),
  });
  const shown = make("output", { class: "when" });
  const speed = make(
    "select",
    { "aria-label": say("page.clock.speed"), onchange: () => (state.speed = Number(speed.value)) },
    ...SPEEDS.map((one) => make("option", { value: one, selected: one === USUAL }, say("page.clock.rate", { rate: one }))),
  );

  function write(still) {
    const whole = Math.round(state.at);
    const text = moment(times[whole], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    if (shown.textContent !== text) {
      shown.textContent = text;
      slider.value = whole;
      slider.setAttribute("aria-valuetext", text);
    }
    hear(state.at, still);
  }
  function choose(chosen) {
    state.at = Math.min(Math.max(Math.round(chosen), 0), last);
    if (state.playing) stop();
    else write(true);
  }
  function mark(playing) {
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", say(playing ? "page.clock.pause" : "page.clock.play"));
  }
  function stop() {
    cancelAnimationFrame(state.playing);
    state.playing = 0;
    state.at = Math.round(state.at);
    mark(false);
    write(true);
  }
  function turn(now) {
    const seconds = Math.min((now - state.before) / 1000, 0.1);
    state.before = now;
    state.at = Math.min(state.at + seconds * state.speed, last);
    // for those who are disturbed by motion, whole hours alone
    if (!calm() || Math.round(state.at) !== Math.round(state.at - seconds * state.speed)) write(false);
    if (state.at >= last) stop();
    else state.playing = requestAnimationFrame(turn);
  }
  function begin() {
    if (state.at >= last) state.at = 0;
    state.before = performance.now();
    state.playing = requestAnimationFrame(turn);
    mark(true);
  }
  const element = make(
    "div",
    { class: "clock", role: "group", "aria-label": say("page.clock.title") },
    play,
    button("back", "‹", () => choose(Math.round(state.at) - 1)),
    button("forward", "›", () => choose(Math.round(state.at) + 1)),
    slider,
    shown,
    speed,
  );
  write(true);
  return {
    element,
    set: choose,
    stop: () => state.playing && stop(),
    close: () => cancelAnimationFrame(state.playing),
    get at() {
      return state.at;
    },
  };
}
