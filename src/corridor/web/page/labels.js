/** Where the names of places stand on a map: none over another or over another place's mark; rather hidden than crowded. */

const LONGEST = 22; // characters of a line before a name is broken in two
const CUT = 34; // characters of a line that is shown at all
const CELL = 64; // pixels of the grid in which neighbours are looked up

/** The lines of a name: both names of a place one below the other, a long name broken near its middle. */
export function breakName(name) {
  const cut = (line) => (line.length > CUT ? `${line.slice(0, CUT - 1).trimEnd()}…` : line);
  const [first, ...rest] = name.split(" / ");
  if (rest.length) return [cut(`${first} /`), cut(rest.join(" / "))];
  if (name.length <= LONGEST) return [name];
  const gaps = [...name.matchAll(/\s+/g)].map((gap) => gap.index);
  if (!gaps.length) return [cut(name)];
  const at = gaps.reduce((best, gap) => (Math.abs(gap - name.length / 2) < Math.abs(best - name.length / 2) ? gap : best));
  return [cut(name.slice(0, at)), cut(name.slice(at).trim())];
}

/** How much a place matters to a reader: what it is, then who is there. */
export function weigh(kind, people, most) {
  const kinds = { city: 6, capital: 6, town: 4, crossing: 3, camp: 3, reception: 2.5, junction: 0 };
  return (kinds[kind] ?? 2) + (most > 0 ? 4 * Math.sqrt(people / most) : 0);
}

const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Rectangles that are taken, found again by the cells of a grid in which they lie. */
function makeGrid(width) {
  const row = Math.ceil(width / CELL) + 8; // cells; what lies left or right of the picture has its own
  const cells = new Map();
  const span = (box) => [box.left, box.right, box.top, box.bottom].map((edge) => Math.floor(edge / CELL));
  return {
    add(box) {
      const [left, right, top, bottom] = span(box);
      for (let y = top; y <= bottom; y += 1)
        for (let x = left; x <= right; x += 1) {
          const cell = cells.get(y * row + x);
          if (cell) cell.push(box);
          else cells.set(y * row + x, [box]);
        }
    },
    isFree(box, owner) {
      const [left, right, top, bottom] = span(box);
      for (let y = top; y <= bottom; y += 1)
        for (let x = left; x <= right; x += 1)
          for (const other of cells.get(y * row + x) ?? []) if (other.owner !== owner && overlaps(box, other)) return false;
      return true;
    },
  };
}

// right, left, above, below, then the corners, then further off to the sides: [x, y] as shares of the label's size
const SPOTS = [
  [1, 0, 1], [-1, 0, 1], [0, -1, 1], [0, 1, 1], [1, -1, 0.8], [1, 1, 0.8], [-1, -1, 0.8], [-1, 1, 0.8],
  [1, -0.5, 1], [1, 0.5, 1], [-1, -0.5, 1], [-1, 0.5, 1],
];

function* listBoxes({ id, x, y, width, height, gap }) {
  for (const [sideways, down, near] of SPOTS) {
    const middle = x + sideways * (gap * near + width / 2);
    const level = y + down * ((sideways ? 0.6 : 1) * gap * near + height / 2);
    yield {
      owner: id,
      anchor: sideways > 0 ? "start" : sideways < 0 ? "end" : "middle",
      left: middle - width / 2,
      right: middle + width / 2,
      top: level - height / 2,
      bottom: level + height / 2,
    };
  }
}

/**
 * Place labels, the weightiest first; those for which there is no room are left out.
 * @param items [{ id, x, y, width, height, gap, weight, mark }]: pixels; `gap` from the point to the label, `mark` half the
 *   width of the place's own mark, which no other label may cover
 * @param size { width, height } of the picture: a label lies within it whole
 * @param taken boxes that nothing may cover
 * @returns Map of id to { left, right, top, bottom, anchor }
 */
export function placeLabels(items, size, taken = []) {
  const grid = makeGrid(size.width);
  for (const box of taken) grid.add(box);
  const near = items.filter((item) => item.x > -20 && item.y > -20 && item.x < size.width + 20 && item.y < size.height + 20);
  for (const { id, x, y, mark } of near)
    grid.add({ owner: id, left: x - mark, right: x + mark, top: y - mark, bottom: y + mark });
  const placed = new Map();
  for (const item of [...near].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1))) {
    if (item.width <= 0 || item.x < 0 || item.y < 0 || item.x > size.width || item.y > size.height) continue;
    for (const box of listBoxes(item)) {
      const within = box.left >= 0 && box.top >= 0 && box.right <= size.width && box.bottom <= size.height;
      if (!within || !grid.isFree(box, item.id)) continue;
      placed.set(item.id, box);
      grid.add({ ...box, owner: `label of ${item.id}` });
      break;
    }
  }
  return placed;
}
