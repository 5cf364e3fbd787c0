"""What the replicates of a run are made from, and how some of them are simulated."""

from __future__ import annotations

from dataclasses import dataclass, field

from corridor.scenario.scenario import Scenario
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.batch import simulate_batch
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.compile import compile_model
from corridor.simulate.fitted import Fitted, read_fitted
from corridor.simulate.luck import Luck, plain_luck
from corridor.simulate.model import Model
from corridor.simulate.record import Record


@dataclass(frozen=True)
class Ensemble:
    """A compiled scenario with its seed, the fitted sample its parameter set names, and a behaviour.

    Replicate r is the same one in any ensemble of the same seed, whoever else is simulated with it.
    """

    model: Model
    seed: int
    fitted: Fitted | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)

    def draw(self, replicates: Integers) -> tuple[Luck, dict[str, Floats]]:
        """Return the luck of replicates by number [R], and the values that a fit gives them, by quantity [R]."""
        luck = plain_luck(self.seed, replicates)
        if self.fitted is None:
            return luck, {}
        return self.fitted.luck(luck, replicates, self.model.clock.step_hours), self.fitted.values(replicates)

    def simulate(self, replicates: Integers, seconds: dict[str, float] | None = None) -> Record:
        """Simulate replicates by number; time spent in each phase is added to `seconds`."""
        luck, given = self.draw(replicates)
        return simulate_batch(self.model, luck, given, self.behaviour, seconds)


def prepare(
    scenario: Scenario, parameters: str, seed: int | None = None, behaviour: Behaviour | None = None
) -> Ensemble:
    """Return the ensemble of a scenario under a parameter set; the scenario's own seed if none is given.

    Raises FaultsError when the fitted sample that the set names is damaged.
    """
    model = compile_model(scenario, parameters)
    chosen = int(scenario.settings["seed"]) if seed is None else seed
    return Ensemble(model, chosen, read_fitted(scenario, parameters), behaviour or Behaviour())
