/** Asking what would be if: the newest edits first, then what is still lacking of the case as it is. */

import { countEdits } from "./edits.js";
import { Refused, follow as hearLines } from "./source.js";

export const STAGES = [10, 50, 200]; // replicates after which an answer comes
const ALL = STAGES[STAGES.length - 1];

export const isWhole = (found) => found?.replicates >= ALL;

/**
 * What asks and hears.
 * @param on { answer(found): of the newest edits, base(found): of the case as it is, faults(list), lost(error) }
 * @returns { ask(edits), stop(), base: the newest answer of the case as it is }; a new question ends the one before
 */
export function makeAsking(on) {
  const self = { base: null };
  let asked = null;

  async function ponder(edits, hear, signal) {
    const take = (found) => {
      if (found.error) on.lost(new Refused(500, found));
      else if (found.faults) on.faults(found.faults.filter((fault) => fault.severity === "error"));
      else hear(found);
    };
    try {
      await hearLines("what-if", { edits, stages: STAGES }, take, signal);
    } catch (error) {
      if (!signal.aborted) on.lost(error);
    }
  }
  self.stop = () => asked?.abort();
  self.ask = async (edits) => {
    self.stop();
    asked = new AbortController();
    const { signal } = asked;
    const isChanged = countEdits(edits) > 0;
    if (isChanged) await ponder(edits, on.answer, signal);
    else if (self.base) on.answer(self.base);
    const hearBase = (found) => {
      self.base = found;
      if (isChanged) on.base(found);
      else on.answer(found);
    };
    if (!signal.aborted && !isWhole(self.base)) await ponder({}, hearBase, signal);
  };
  return self;
}
