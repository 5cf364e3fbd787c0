/** What was changed, step by step, to be taken back and done again. States are never changed, only replaced. */

const MOST = 1000;

export function beginHistory(state) {
  return { past: [], now: state, next: [] };
}

/** A new state; `label` says what was done. */
export const record = (history, state, label) =>
  state === history.now
    ? history
    : { past: [...history.past, { state: history.now, label }].slice(-MOST), now: state, next: [] };

export function undo(history) {
  const last = history.past.at(-1);
  if (!last) return history;
  const next = [...history.next, { state: history.now, label: last.label }];
  return { past: history.past.slice(0, -1), now: last.state, next };
}

export function redo(history) {
  const first = history.next.at(-1);
  if (!first) return history;
  const past = [...history.past, { state: history.now, label: first.label }];
  return { past, now: first.state, next: history.next.slice(0, -1) };
}
