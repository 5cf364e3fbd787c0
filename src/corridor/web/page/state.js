/** What is shown stands in the address, `#what-if?at=2023-09-25T08:00`, so that it can be sent, reloaded and gone back to. */

export function readState() {
  const [screen, query = ""] = window.location.hash.slice(1).split("?");
  return { screen: screen || "now", values: Object.fromEntries(new URLSearchParams(query)) };
}

export function writeAddress(screen, values) {
  const kept = Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const query = new URLSearchParams(kept).toString();
  return `#${screen}${query ? `?${query}` : ""}`;
}

/** How many steps lead here from where the page was opened: tells back from forth. */
export const readStep = () => window.history.state?.step ?? 0;

/** Go to a screen with some values; `quietly` leaves no step to go back to (while a slider moves). */
export function go(screen, values, quietly = false) {
  const address = writeAddress(screen, values);
  if (address === window.location.hash) return;
  if (quietly) window.history.replaceState(window.history.state, "", address);
  else {
    window.history.pushState({ step: readStep() + 1 }, "", address);
    window.dispatchEvent(new Event("hashchange"));
  }
}
