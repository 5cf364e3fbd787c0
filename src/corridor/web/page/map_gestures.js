/** Zoom and pan by wheel, drag, pinch and keys; a drag of a place where places may be moved. */

const STEP = 1.5; // of a key or a button
const MOVE = 60; // pixels of an arrow key
const STILL = 4; // pixels that a click may wander

const spread = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (points) => [
  points.reduce((sum, point) => sum + point.x, 0) / points.length,
  points.reduce((sum, point) => sum + point.y, 0) / points.length,
];

/**
 * Listen on a map's picture, within its frame.
 * @param act { zoom(factor, pixels), pan(x, y), whole(), pick(target), isWhole(), grab(target), carry(pixels), drop(moved) }
 */
export function listenOn(picture, frame, act) {
  const down = new Map();
  let [travelled, target, held] = [0, null, false];
  const locate = (event) => {
    const box = frame.getBoundingClientRect(); // the picture itself may be stretched for a moment
    return { x: event.clientX - box.left - frame.clientLeft, y: event.clientY - box.top - frame.clientTop };
  };

  picture.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    if (!down.size) [travelled, target, held] = [0, event.target, act.grab(event.target)];
    down.set(event.pointerId, locate(event));
  });
  picture.addEventListener("pointermove", (event) => {
    const before = [...down.values()];
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, locate(event));
    const after = [...down.values()];
    const [from, to] = [middle(before), middle(after)];
    travelled += Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (travelled > STILL && !picture.hasPointerCapture(event.pointerId)) picture.setPointerCapture(event.pointerId);
    if (held) {
      if (travelled > STILL) act.carry(to);
      return;
    }
    if (travelled > STILL || after.length > 1) act.pan(to[0] - from[0], to[1] - from[1]);
    if (after.length > 1 && spread(before) > 0) act.zoom(spread(after) / spread(before), to);
  });
  const release = (event) => {
    if (!down.delete(event.pointerId) || down.size) return;
    const moved = travelled > STILL;
    if (held) act.drop(moved && event.type === "pointerup");
    if (!moved && event.type === "pointerup") act.pick(target);
    held = false;
  };
  picture.addEventListener("pointerup", release);
  picture.addEventListener("pointercancel", release);
  picture.addEventListener(
    "wheel",
    (event) => {
      // at the whole map a wheel outwards scrolls the page on
      if (event.deltaY > 0 && act.isWhole() && !event.ctrlKey) return;
      event.preventDefault();
      const { x, y } = locate(event);
      act.zoom(Math.exp(-Math.max(-240, Math.min(240, event.deltaY)) / 400), [x, y]);
    },
    { passive: false },
  );
}

/** Listen to the keys + - 0 and the arrows. */
export function listenToKeys(element, act) {
  const moves = { ArrowLeft: [MOVE, 0], ArrowRight: [-MOVE, 0], ArrowUp: [0, MOVE], ArrowDown: [0, -MOVE] };
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== element) return;
    if (event.key === "+" || event.key === "=") act.zoom(STEP);
    else if (event.key === "-") act.zoom(1 / STEP);
    else if (event.key === "0") act.whole();
    else if (moves[event.key] && !act.isWhole()) act.pan(...moves[event.key]);
    else return;
    event.preventDefault();
  });
}

export { STEP };
