/** The forecast, learnt anew from what was published by a moment: progress, what it says, what the newest counts changed. */

import { make, put } from "./dom.js";
import { explain, showFaults } from "./evidence.js";
import { moment, number, range, say } from "./say.js";
import { follow } from "./source.js";

/** How long it still takes, in words. */
export function sayLeft({ what, done, total, left_seconds: left }) {
  const fields = { done: number(done), total: number(total) };
  const rest = left === null ? "" : say(left < 90 ? "page.forecast.seconds_left" : "page.forecast.minutes_left", { seconds: number(Math.ceil(left)), minutes: number(Math.ceil(left / 60)) });
  return `${say(`page.forecast.doing.${what}`, fields)} ${rest}`;
}

/** A stream of progress into a bar and words; resolves to the answer, or to nothing when it was dropped. */
export async function hearProgress(path, body, { bar, told }, signal) {
  let answer = null;
  bar.hidden = false;
  bar.removeAttribute("value");
  told.textContent = say("page.forecast.begun");
  try {
    await follow(
      path,
      body,
      (line) => {
        if (line.answer) answer = line.answer;
        else if (line.faults) put(told, ...showFaults(line.faults));
        else if (line.busy) told.textContent = say("page.busy");
        else if (line.error) told.textContent = line.error;
        else if (line.dropped) told.textContent = say("page.forecast.dropped");
        else {
          bar.max = line.total;
          bar.value = line.done;
          told.textContent = sayLeft(line);
        }
      },
      signal,
    );
    if (answer) told.textContent = "";
  } catch (error) {
    told.textContent = signal.aborted ? say("page.forecast.dropped") : explain(error);
  } finally {
    bar.hidden = true;
  }
  return answer;
}

function sayCount(count, places) {
  const value = count.value ?? count.low ?? count.high;
  const low = count.value ?? count.low;
  const high = count.value ?? count.high;
  const where = high !== null && high < count.q05 ? "below" : low !== null && low > count.q95 ? "above" : "within";
  const place = places.get(count.place) ?? (count.place || count.area || count.exit);
  const fields = { series: say(`page.evidence.series.${count.series}`), place: place ? ` (${place})` : "", time: moment(count.time), value: number(value), expected: range([count.q05, count.q50, count.q95]) };
  return say(`page.forecast.${where}`, fields);
}

function showNewest(newest, places) {
  if (!newest) return null;
  const ends = ({ q05, q50, q95 }) => range([q05, q50, q95]);
  return make(
    "div",
    {},
    make("h3", {}, say("page.forecast.newest")),
    make("ul", {}, ...newest.counts.map((count) => make("li", {}, sayCount(count, places)))),
    make("p", {}, say("page.forecast.inside", { before: ends(newest.inside_before), after: ends(newest.inside_after) })),
  );
}

function showForecast(found, places) {
  const lines = (ahead) => make("ul", {}, ...ahead.map((line) => make("li", {}, line.trim())));
  return [
    make("h3", {}, say("page.forecast.as_of", { time: moment(found.as_of) })),
    lines(found.ahead),
    make("p", { class: "small" }, say("page.forecast.read", { counts: number(found.counts), left_out: number(found.left_out), events: number(found.events_unknown) })),
    found.begun_anew ? make("p", { class: "small" }, say("page.forecast.anew", { why: found.begun_anew })) : null,
    showNewest(found.newest, places),
    found.before ? make("details", {}, make("summary", {}, say("page.forecast.before", { time: moment(found.before.as_of) })), lines(found.before.ahead)) : null,
    found.folder ? make("p", { class: "small" }, say("page.forecast.stored"), " ", make("code", {}, `corridor report ${found.folder}`), " ", make("code", {}, `corridor serve ${found.folder}`)) : null,
  ].filter(Boolean);
}

export function openForecast(context, counts) {
  const moments = make("input", { type: "datetime-local", id: "forecast-moment", value: counts.last_published, required: true });
  const bar = make("progress", { hidden: true, "aria-label": say("page.forecast.progress") });
  const told = make("div", { role: "status" });
  const found = make("div", { class: "forecast" });
  const stop = make("button", { type: "button", hidden: true, onclick: () => asking.abort() }, say("page.forecast.stop"));
  const places = new Map(context.facts.places.map(({ id, name }) => [id, name]));
  let asking = new AbortController();

  async function begin(moment_) {
    asking.abort();
    const own = (asking = new AbortController());
    if (moment_) moments.value = moment_;
    stop.hidden = false;
    const answer = await hearProgress("forecast", { as_of: moments.value }, { bar, told }, own.signal);
    if (own === asking) stop.hidden = true;
    if (answer) put(found, ...showForecast(answer, places));
  }
  const form = make(
    "form",
    { class: "fields", onsubmit: (event) => (event.preventDefault(), begin()) },
    make("label", { for: "forecast-moment" }, say("page.forecast.moment")),
    moments,
    make("button", { class: "main" }, say("page.forecast.update")),
    stop,
  );
  const element = make("section", {}, make("h2", {}, say("page.forecast.title")), make("p", { class: "small" }, say("page.forecast.why")), form, bar, told, found);
  return { element, begin, close: () => asking.abort() };
}
