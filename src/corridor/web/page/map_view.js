/** What part of the plane is in sight: the whole at first, then wherever it is zoomed and moved. */

import { bound, fit, toPixels, zoomAt } from "./geometry.js";

const CLOSEST = 150; // times the whole
const MARGIN = 70; // pixels left free beside the places, for their names
const SEEN = 0.25; // of the picture from the edge: some of what is drawn stays within

/**
 * A view that is kept within bounds.
 * @param changed called whenever another part is in sight
 * @returns { view, size, isWhole(), resize(width, height, points), zoom(factor, pixels), pan(x, y), whole(), show(points) }
 */
export function makeView(changed) {
  const self = { view: null, size: null };
  let [whole, box, shown] = [null, null, null];

  const limit = (view) => {
    const { width, height } = self.size;
    const [left, top] = toPixels(view, [box.left, box.top]);
    const [right, bottom] = toPixels(view, [box.right, box.bottom]);
    const x = view.x + Math.max(0, width * SEEN - right) - Math.max(0, left - width * (1 - SEEN));
    const y = view.y + Math.max(0, height * SEEN - bottom) - Math.max(0, top - height * (1 - SEEN));
    return { ...view, x, y };
  };
  const look = (view) => {
    self.view = limit(view);
    changed();
  };
  const middle = () => [self.size.width / 2, self.size.height / 2];

  self.isWhole = () => self.view.scale <= whole.scale * 1.001;
  self.whole = () => {
    shown = null;
    look(whole);
  };
  self.zoom = (factor, at = middle()) => {
    shown = null;
    const scale = Math.max(whole.scale, Math.min(whole.scale * CLOSEST, self.view.scale * factor));
    look(scale <= whole.scale ? whole : zoomAt(self.view, scale / self.view.scale, at));
  };
  self.pan = (x, y) => {
    shown = null;
    look({ ...self.view, x: self.view.x + x, y: self.view.y + y });
  };
  /** Bring some points into sight, also after the picture's size has changed. */
  self.show = (points) => {
    shown = points;
    if (!self.size || !points.length) return;
    const view = fit(bound(points), self.size.width, self.size.height, MARGIN);
    look(zoomAt(view, Math.min(1, (whole.scale * CLOSEST) / view.scale), middle()));
  };
  self.resize = (width, height, points) => {
    const before = self.view && !self.isWhole() ? self.size : null;
    self.size = { width, height };
    box = bound(points);
    whole = fit(box, width, height, MARGIN);
    if (shown) self.show(shown);
    else if (before) self.pan((width - before.width) / 2, (height - before.height) / 2);
    else look(whole);
  };
  return self;
}
