/** A map with many places is drawn anew a few times a second; between, its picture is moved and stretched as it is. */

const MANY = 120; // places and ways above which a browser without a graphics card cannot draw all in every frame
const [REST, LONGEST] = [160, 700]; // ms without a move after which it is drawn, and after which it is drawn anyway
const BLINK = 40; // ms between two drawings while people move

/**
 * Decide when to draw.
 * @param picture the element that is moved meanwhile
 * @param parts how many places and ways there are
 * @param act { lay(view): draw all where it lies now, paint(): show who is where, view(): what is in sight }
 * @returns { move(), show() }: to be called when the view has changed, and when people have
 */
export function pace(picture, parts, act) {
  const few = parts <= MANY;
  const state = { asked: 0, later: 0, painting: 0, laid: null, laidAt: 0, movedAt: 0, paintedAt: -BLINK };

  function lay() {
    clearTimeout(state.later);
    state.later = 0;
    state.laid = { ...act.view() };
    state.laidAt = performance.now();
    picture.style.transform = "";
    act.lay();
  }
  function stretch() {
    const [before, now] = [state.laid, act.view()];
    const factor = now.scale / before.scale;
    picture.style.transformOrigin = "0 0";
    picture.style.transform = `translate(${now.x - before.x * factor}px, ${now.y - before.y * factor}px) scale(${factor})`;
    clearTimeout(state.later);
    state.later = setTimeout(lay, REST);
  }
  return {
    move() {
      state.asked ||= requestAnimationFrame(() => {
        state.asked = 0;
        if (!act.view()) return;
        const [now, still] = [performance.now(), performance.now() - state.movedAt > REST];
        state.movedAt = now;
        if (few || !state.laid || still || now - state.laidAt > LONGEST) lay();
        else stretch();
      });
    },
    show() {
      const wait = BLINK - (performance.now() - state.paintedAt);
      if (few || wait <= 0) {
        state.paintedAt = performance.now();
        act.paint();
      } else
        state.painting ||= setTimeout(() => {
          state.painting = 0;
          state.paintedAt = performance.now();
          act.paint();
        }, wait);
    },
  };
}
