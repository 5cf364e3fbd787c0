/** The tables of Compare from what was kept: each what-if beside the case, at the moment next to the one asked for. */

const [TOTALS, NEARLY_ALL] = [["arrivals", "inside", "on_roads", "held_back", "waiting_for_transport"], 0.75];
const PLACES = ["at_place", "waiting_for_transport"];

const nameRow = ({ measure, of, item }) => [measure, of, item ?? ""].join("|");

/** A row of a series as it is at a moment. */
function cellAt(row, i) {
  const at = (points) => points.map((values) => values[i]);
  if (!row.more) return { range: at(row.range) };
  return { range: at(row.range), more: at(row.more), higher: row.higher[i] / 100, lower: row.lower[i] / 100 };
}

/** Rows of several sides beside each other; `cells` by side hold a cell by the name of its row. */
function joinRows(rows, cells) {
  const joined = new Map(rows.map((row) => [nameRow(row), row]));
  return [...joined].map(([name, { measure, of, item }]) => ({ measure, of, item, cells: cells.map((one) => one.get(name) ?? null) }));
}

const largest = (row) => Math.max(0, ...row.cells.flatMap((cell) => cell?.range ?? []));

function isWorse({ measure, cell }) {
  const share = measure === "arrivals/exit" ? cell?.lower : cell?.higher;
  return Boolean(cell?.more?.[1]) && share >= NEARLY_ALL;
}

/** Who gets less in a side than in the case. */
function findLess(series, i) {
  const rows = series.rows.filter((row) => row.of && (row.measure === "arrivals/exit" || PLACES.includes(row.measure)));
  const told = [
    ...rows.map((row) => ({ measure: row.measure, of: row.of, cell: cellAt(row, i) })),
    ...series.without.map((row) => ({ measure: "without", of: row.of, item: row.item, cell: row.cells[1] })),
  ];
  const worse = told.filter(isWorse).sort((a, b) => Math.abs(b.cell.more[1]) - Math.abs(a.cell.more[1]));
  return worse.map(({ measure, of, item, cell }) => ({ measure, of, item, cells: [null, cell] }));
}

/** The answer that the program gives to POST compare. */
export function composeComparison({ series, answers, times, names, facts }, { chosen, moment }) {
  const last = times.length - 1;
  const found = moment ? times.findIndex((time) => time >= moment) : last;
  const i = found < 0 ? last : found;
  const sides = chosen.map((name) => series[name]);
  const cells = sides.map((side) => new Map(side.rows.map((row) => [nameRow(row), cellAt(row, i)])));
  const rows = joinRows(sides.flatMap((side) => side.rows), cells);
  const ends = sides.map((side) => new Map(side.without.map((row) => [nameRow(row), row.cells[row.cells.length - 1]])));
  const isPlace = (row) => row.of && PLACES.includes(row.measure) && largest(row);
  return {
    whole: true,
    moment: times[i],
    times,
    names,
    sides: chosen.map(() => ({ replicates: facts.kept.replicates, unpaired: null, differ: [] })),
    totals: rows.filter((row) => !row.of).sort((a, b) => TOTALS.indexOf(a.measure) - TOTALS.indexOf(b.measure)),
    exits: rows.filter((row) => row.of && !PLACES.includes(row.measure)),
    places: rows.filter(isPlace).sort((a, b) => largest(b) - largest(a)),
    without: joinRows(sides.flatMap((side) => side.without), ends).filter(largest),
    less: sides.map((side, n) => (n ? findLess(side, i) : null)),
    charts: drawFrom(chosen.map((name) => answers[name])),
  };
}

function drawFrom(answers) {
  const known = TOTALS.filter((name) => answers.every((answer) => answer.fans[name]));
  return Object.fromEntries(known.map((name) => [name, { fans: answers.map((answer) => answer.fans[name]) }]));
}
