"""Flee's day on counts of people: the compiled loop.

Its tables are in cells.py, the morning in begin.py, the roads in travel.py and follow.py, the choice of a route in
choose.py and undecided.py, the arrays in arrays.py.

People who share a place or link, the days spent on the link, the first-leg flag, the rest of their route and their
class are one *cell*, and decide independently of each other; so binomial and multinomial draws on cells give the
same law as one person after the other (Kemeny and Snell's lumping). Recent distance is carried as a
distribution. The one thing in Flee that depends on the order of persons is how full a camp is at the moment of a
choice. Here the day's travellers are taken in parts, one after the other, as many as the day's movement asks for
beside the room left in the camps.

A cell's state is packed into one whole number; a table of cells is a list with a hash index.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import compiled, inner, merged
from corridor.chance.draws import draw_binomial, draw_uniforms, replicate_key
from corridor.flee.arrays import HOP, TABLES
from corridor.flee.begin import AT_FIRST, begin, begin_kind, chance_of, match_places, refresh_scores, set_chances, spawn
from corridor.flee.cells import carry, clear, count_people, entity_of, rows_of, unpack
from corridor.flee.choose import choose, weigh
from corridor.flee.follow import Moment, stay
from corridor.flee.parts import share_out
from corridor.flee.travel import enter, travel
from corridor.flee.undecided import set_off

NOBODY, FULL, UNBEGUN = -1, -2, -3  # for people so far: no place can send anybody, tables are full, before the start
LEAVE, GO_ON, TAKEN = 0, 1, 3  # what is drawn, beside travel.py's, begin.py's and undecided.py's


@merged
def _part(tables, source, limit, chance):
    """Part recent distances into those of leavers and of stayers (the last two rows); return the people below `limit`.

    People below that step all leave, the others with `chance`. Of those on the step itself half count as below it:
    they stand for people between the steps on either side.
    """
    recent, cells, below, people = tables.recent, tables.cells, 0.0, 0.0
    leavers, stayers = len(recent) - 2, len(recent) - 1
    for i in range(recent.shape[1]):
        there = np.float64(recent[source, i])
        people += there
        surely = there if i < limit else 0.5 * there if i == limit else 0.0
        going = surely + (there - surely) * chance
        below += surely
        recent[leavers, i], recent[stayers, i] = np.float32(going), np.float32(there - going)
    leaving = (below + chance * (people - below)) / max(people, 1e-9)
    cells[leavers].began, cells[leavers].square = leaving * cells[source].began, leaving * cells[source].square
    cells[stayers].began = cells[source].began - cells[leavers].began
    cells[stayers].square = cells[source].square - cells[leavers].square
    return below


@inner
def _note_no_route(world, memory, now, place):
    """Note the first time that people set out from a place with roads and find no route, which stops Flee."""
    if memory.tables.now.stuck == 0 and world.out_from[now.epoch, place] < world.out_from[now.epoch, place + 1]:
        memory.tables.now.stuck, memory.tables.now.stuck_at = now.day + 1, place


@inner
def _decide(world, memory, now, place, first, kind, people, chance, limit, source):
    """Let people at a place stay or leave, choose among the routes, and step onto the roads."""
    purpose = GO_ON if now.step > 0 else LEAVE
    entity = entity_of(world, world.places[place].key, purpose, now.part, (now.step * 2 + first) * 65536 + kind, -1)
    expected, leavers, stayers, stayed, surely = 0.0, source, source, np.float64(people), np.int64(0)
    if limit > 0 and chance < 1.0:
        below = _part(memory.tables, source, limit, chance)
        leavers, stayers = len(memory.tables.recent) - 2, len(memory.tables.recent) - 1
        expected = below + chance * (people - below)
        stayed = people - expected
        surely = min(np.int64(below + draw_uniforms(now.key, entity, now.day, 1 << 30)[0]), people)
    leaving = surely + draw_binomial(now.key, entity, now.day, 0, people - surely, chance)
    options = world.option_from[now.epoch, place : place + 2]
    if options[0] == options[1]:
        if leaving > 0:
            _note_no_route(world, memory, now, place)
        stay(world, memory, place, 0.0, first, -1, kind, people, source, float(people))
        return
    stay(world, memory, place, 0.0, first, -1, kind, people - leaving, stayers, max(stayed, 1e-9))
    if leaving == 0:
        return
    if memory.pairs[kind, place].fresh != memory.tables.now.version:
        weigh(world, memory, now.epoch, place, kind)
    begin, end = options[0] - world.option_from[now.epoch, 0], options[1] - world.option_from[now.epoch, 0]
    weights, up_to = memory.weight[kind, begin:end], memory.up_to[kind, begin:end]
    counts, chosen, total = memory.counts, memory.chosen, memory.pairs[kind, place].total
    whole = max(expected, 1e-9) if leavers != source else np.float64(people)
    if not total > 0.0:
        _note_no_route(world, memory, now, place)
        stay(world, memory, place, 0.0, first, -1, kind, leaving, leavers, whole)
        return
    if world.rules.undecided > 0 and now.step == 0:
        set_off(world, memory, now, entity, place, first, kind, leaving, source, float(people))
        return
    for i in range(choose(now.key, entity, now.day, weights, up_to, counts, chosen, total, leaving)):
        going = counts[chosen[i]]
        counts[chosen[i]] = 0
        route = world.options[options[0] + chosen[i]].node
        enter(world, memory, now, place, first, route, kind, going, leavers, whole)


@inner
def _go_home(world, memory, day, place, first, node, kind, people, row):
    """Put people at a place back to their home, as Flee does in harvest months."""
    home = world.classes[kind].home
    count_people(world, memory, day, place, -people)
    count_people(world, memory, day, home, people)
    stay(world, memory, home, 0.0, first, node, kind, people, row, float(people))


@merged
def _leave_places(world, memory, now):
    """First pass: everybody at a place decides. Camps come first, since their people have been there longest."""
    start, end = rows_of(memory.tables, memory.tables.now.here)
    for camps in range(1, -1, -1):
        for row in range(start, end):
            cell, people = memory.tables.cells[row].key, memory.tables.cells[row].people
            place, _, _, first, node, kind = unpack(world.rules, cell)
            if world.state[now.day, place].camp != (camps == 1) or people <= 0:
                continue
            if world.days[now.day].resting:
                _go_home(world, memory, now.day, place, first, node, kind, people, row)
            elif node >= 0:
                enter(world, memory, now, place, first, node, kind, people, row, float(people))
            else:
                _decide(world, memory, now, place, first, kind, people, chance_of(world, memory, place, kind), 0, row)


@merged
def _travel_roads(world, memory, key, day, epoch, opening):
    """Second pass: everybody on a link travels, and goes on from where the day still has kilometres left."""
    links, tables = world.closes.shape[1], memory.tables
    for part in range(share_out(world, memory, key, day, epoch, opening)):
        now = Moment(key, day, part, epoch, np.int64(0), 0.0)
        clear(tables, HOP)
        memory.head[:] = -1
        entry = memory.part_head[part]
        while entry >= 0:
            row, people = memory.pieces[entry].row, memory.pieces[entry].people
            link, rode, walked, first, node, kind = unpack(world.rules, tables.cells[row].key)
            if opening and link < links and rode + walked > 0 and world.closes[epoch, link]:
                link += links
            whole = float(tables.cells[row].people)
            travel(world, memory, now, link, rode, walked, first, node, kind, people, row, whole)
            entry = memory.pieces[entry].next
        for step in range(1, len(memory.head)):
            if memory.head[step] >= 0:
                _go_on(world, memory, now, step)


@merged
def _go_on(world, memory, start, step):
    """Let all who have come `step` steps of kilometres today go on or stay where they are.

    On a short day, recent distance and today's together below a full day's, all go on through a town.
    """
    row = memory.head[step]
    while row >= 0:
        people = memory.tables.cells[row].people
        kilometres = memory.tables.cells[row].kilometres / people
        now = Moment(start.key, start.day, start.part, start.epoch, np.int64(step), kilometres)
        place, _, _, first, node, kind = unpack(world.rules, memory.tables.cells[row].key)
        if world.days[now.day].resting:
            _go_home(world, memory, now.day, place, first, node, kind, people, row)
        elif node >= 0:
            enter(world, memory, now, place, first, node, kind, people, row, float(people))
        else:
            chance, below = chance_of(world, memory, place, kind), np.int64(0)
            if world.state[now.day, place].town:
                below = world.rules.recent
            _decide(world, memory, now, place, first, kind, people, chance, below, row)
        row = memory.tables.cells[row].follow


@inner
def _take_out(world, memory, key, day):
    """Take people out of camps that are sinks: they still count as being there, as in Flee, but never move again."""
    start, end = rows_of(memory.tables, memory.tables.now.here)
    for row in range(start, end):
        cell, people = memory.tables.cells[row].key, memory.tables.cells[row].people
        place, _, _, first, node, kind = unpack(world.rules, cell)
        chance = world.places[place].sink
        if people > 0 and chance > 0.0 and world.state[day, place].camp:
            entity = entity_of(world, world.places[place].key, TAKEN, 0, first * 65536 + kind, node)
            taken = draw_binomial(key, entity, day, 0, people, chance)
            memory.tables.cells[row].people -= taken
            carry(world.rules, memory.tables, row, 0.0, row, -taken / people)


@merged
def _turn(tables):
    """Make tomorrow's tables today's."""
    now = tables.now
    now.here, now.here_next = now.here_next, now.here
    now.road, now.road_next = now.road_next, now.road
    clear(tables, now.here_next)
    clear(tables, now.road_next)


@merged
def _start(world, memory, key):
    """Empty all memory of the last replicate and put the first people into their places; return how many."""
    for table in range(TABLES):
        clear(memory.tables, table)
    memory.tables.now.full, memory.tables.now.version, memory.tables.now.stuck = 0, 1, 0
    memory.tables.now.tight = 0
    for kind in range(len(world.classes)):
        for place in range(len(world.places)):
            memory.pairs[kind, place].fresh = 0
            memory.pairs[kind, place].affinity = world.affinity[kind, place]
    for place in range(len(world.places)):
        spot = memory.spots[place]
        spot.people, spot.indirect, spot.room, spot.heads = 0, 0, 1.0, world.places[place].population
    for link in range(len(memory.entered)):
        memory.entered[link] = 0
    so_far = np.int64(0)
    for place in range(len(world.places)):
        begin(world, memory, key, 0, AT_FIRST, place, world.places[place].initial)
        so_far += world.places[place].initial
        for kind in range(len(world.classes)):
            begin_kind(world, memory, 0, AT_FIRST, place, kind, world.listed[place, kind])
            so_far += world.listed[place, kind]
    return so_far


@merged
def _run_day(world, memory, key, day, so_far):
    """Let one day pass; return how many people there are by now, or below 0: NOBODY or FULL."""
    tables = memory.tables
    epoch, row = world.days[day].epoch, world.days[day].pull_row
    opening = day == 0 or world.days[day - 1].epoch != epoch
    for place in range(len(world.places)):
        count_people(world, memory, day, place, 0)
    begun = spawn(world, memory, key, day)
    if begun < 0:
        return np.int64(NOBODY)
    if world.rules.matching:
        match_places(world, memory, day)
    if opening or world.rules.repeating or row != world.days[day - 1].pull_row:
        refresh_scores(world, memory, day)
    set_chances(world, memory, day)
    _leave_places(world, memory, Moment(key, day, np.int64(0), epoch, np.int64(0), 0.0))
    _travel_roads(world, memory, key, day, epoch, opening)
    _turn(tables)
    if world.rules.sinking:
        _take_out(world, memory, key, day)
    return np.int64(FULL) if tables.now.full == 1 else so_far + begun


@merged
def _write_day(world, memory, at_place, on_link):
    """Write the people at places and on links (which comes filled with zeros) as they are now."""
    start, end = rows_of(memory.tables, memory.tables.now.road)
    for cell in memory.tables.cells[start:end]:
        on_link[unpack(world.rules, cell.key)[0] % len(on_link)] += cell.people
    for place in range(len(world.places)):
        at_place[place] = memory.spots[place].people


@compiled(nogil=True)
def count_origins(world, memory, people):
    """Add people by where they began [origin, place, roads last]."""
    for table in (memory.tables.now.here, memory.tables.now.road):
        start, end = rows_of(memory.tables, table)
        for row in range(start, end):
            place, _, _, _, _, kind = unpack(world.rules, memory.tables.cells[row].key)
            if table == memory.tables.now.road:
                place = people.shape[1] - 1
            people[world.classes[kind].home, place] += memory.tables.cells[row].people


@compiled(nogil=True)
def run_days(world, memory, luck, days, so_far, at_place, on_link, created, entered):
    """Let days of a replicate pass, from the first of `days` to before the second; `luck` is its seed and number.

    Writes people at places [day, place], on links [day, link] (which comes filled with zeros), created so far [day] and
    those who have set foot on a link so far, `entered` [day, link]; that may have no rows. `so_far` people have been
    created before: UNBEGUN makes memory that of the replicate before its first day, which no day need follow.

    Returns how many there are by now, or below 0: FULL (run again with larger tables) or NOBODY.
    """
    key = replicate_key(luck[0], luck[1])
    if so_far == UNBEGUN:
        so_far = _start(world, memory, key)
    for day in range(days[0], days[1]):
        so_far = _run_day(world, memory, key, day, so_far)
        if so_far < 0:
            break
        _write_day(world, memory, at_place[day], on_link[day])
        if len(entered) > 0:
            for link in range(len(memory.entered)):
                entered[day, link] = memory.entered[link]
        created[day] = so_far
    return so_far
