"""What the replicates of a run are made from, and how some of them are simulated."""

from __future__ import annotations

from dataclasses import dataclass, field

from corridor.scenario.scenario import Scenario
from corridor.simulate.arrays import Integers
from corridor.simulate.batch import simulate_batch
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.compile import compile_model
from corridor.simulate.learnt import Course, Learnt, read_learnt
from corridor.simulate.luck import plain_luck
from corridor.simulate.model import Model
from corridor.simulate.record import Record


@dataclass(frozen=True)
class Ensemble:
    """A compiled scenario with its seed, what the forecast that its parameter set names has learnt, and a behaviour.

    Replicate r is the same one in any ensemble of the same seed, whoever else is simulated with it.
    """

    model: Model
    seed: int
    learnt: Learnt | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)

    def draw(self, replicates: Integers) -> Course:
        """Return what replicates go through, by number."""
        luck = plain_luck(self.seed, replicates)
        return Course(luck, {}) if self.learnt is None else self.learnt.follow(self.model, luck, replicates)

    def simulate(self, replicates: Integers, seconds: dict[str, float] | None = None) -> Record:
        """Simulate replicates by number; time spent in each phase is added to `seconds`."""
        luck, given, moves = self.draw(replicates)
        return simulate_batch(self.model, luck, given, self.behaviour, seconds, moves=moves)


def prepare(
    scenario: Scenario, parameters: str, seed: int | None = None, behaviour: Behaviour | None = None
) -> Ensemble:
    """Return the ensemble of a scenario under a parameter set; the scenario's own seed if none is given.

    Raises FaultsError when the file of what was learnt that the set names is damaged.
    """
    model = compile_model(scenario, parameters)
    chosen = int(scenario.settings["seed"]) if seed is None else seed
    learnt = read_learnt(scenario, parameters, model.clock.step_hours)
    return Ensemble(model, chosen, learnt, behaviour or Behaviour())
