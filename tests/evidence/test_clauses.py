"""Clauses built from parts: who may speak, in which place of a sentence, and what must not be taken for speech.

The parts were written by who wrote the grammar: they guard constructions, and say nothing about other texts.
"""

from __future__ import annotations

import pytest

from corridor.evidence.grammar.statements import find_statements

# How somebody is written in a sentence, and the name by which they are to be found.
WHO = {
    "residents interviewed by phone": "residents interviewed by phone",
    "nine clinics": "nine clinics",
    "dozens of drivers": "dozens of drivers",
    "both the army and the rebels": "both the army and the rebels",
    "the Ministry of Health and WHO": "the Ministry of Health and WHO",
    "a doctor who had fled": "a doctor",
    "the group that holds the strip": "the group",
    "aid groups in the north": "aid groups in the north",
    "a baker, Ana Ruiz, 41,": "Ana Ruiz",
    "WHO": "WHO",
    "a police statement": "a police statement",
    "co-chair Ana Ruiz": "Ana Ruiz",
    "the ministry, which had been warned,": "the ministry",
}
PLACES = {
    "{S} said the road was shut.": "asserts",
    "The road is shut, {s} said bitterly.": "asserts",
    "Shells fell on the road hours after {s} said it was safe.": "asserts",
    "The road is shut; {s} have denied that.": "denies",
    "{S} condemned the raid.": "asserts",
    "{S} described the report as false.": "denies",
    "{S} expressed hope that the road would open.": "asserts",
    "{S} expressed alarm at the delay.": "fears",
}
SAID = {
    "The raid was condemned by the bishop and by the governor.": [
        ("the bishop", "asserts"),
        ("the governor", "asserts"),
    ],
    "The plan was turned down by the army.": [("the army", "not_agreed")],
    "The army had shelled the mill, a charge the ministry denied.": [("the ministry", "denies")],
    "The refusal of the army to sign came late.": [("the army", "not_agreed")],
    "A call by the elders for boats went unheard.": [("the elders", "demands")],
    "It was read out by the envoy, Ana Ruiz, who warned of hunger.": [("Ana Ruiz", "fears")],
    "The army said the mill had burnt and called for a truce.": [("The army", "asserts"), ("The army", "demands")],
    "The ministry visited the camp and warned of floods.": [("The ministry", "fears")],
    "OCHA: the road to the north is cut.": [("OCHA", "asserts")],
    "“How long?” asked Ana Ruiz.": [("Ana Ruiz", "asserts")],
    "Statement by the Ministry of Peace. We call on the army to leave.": [("the Ministry of Peace", "demands")],
    "The envoy Ana Ruiz came at noon. Ruiz said it was late.": [("Ana Ruiz", "asserts")],
    "The EU will send tents, it announced.": [],  # "it" may be somebody who spoke before
}


@pytest.mark.parametrize("place", PLACES)
def test_whoever_speaks_is_found_wherever_they_stand(place: str) -> None:
    missed = []
    for written, name in WHO.items():
        text = place.format(s=written, S=written[0].upper() + written[1:])
        found = [(s.speaker.lower(), s.stance) for s in find_statements(text)]
        assert set(found) <= {(name.lower(), PLACES[place])}, text
        missed += [] if found else [text]
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("text", SAID)
def test_speech_in_side_clauses_and_without_a_verb_of_its_own(text: str) -> None:
    assert [(s.speaker, s.stance) for s in find_statements(text)] == SAID[text]


@pytest.mark.parametrize(
    "text",
    [
        "Evacuation orders were extended on Sunday to the eastern suburbs.",
        "The report by the committee is due in May.",
        "The council will consider the plan on Monday.",
        "The ferry calls at three ports.",
        "A nurse who had fled was found alive.",
        "The mayor welcomed the delegation at the airport.",
        "The militia defended the bridge for three days.",
        "Engineers maintain the road.",
        "The bridge is ready to open.",
        "The army posted guards at the gate.",
        "The school offers rooms for 40 families.",
        "The nurses, who call themselves the night watch, sleep in the ward.",
        "The governor, who was re-elected in May, visited the camp.",
        "Police describe a circle around the square.",
        "Prisoners were exchanged after the army withdrew.",
    ],
)
def test_deeds_and_nouns_are_no_speech(text: str) -> None:
    assert find_statements(text) == []


def test_a_pronoun_stands_for_the_only_one_it_can_mean() -> None:
    text = "The army said the bridge was mined, but Ana Ruiz denied it. “I walked over it,” she said."
    assert [s.speaker for s in find_statements(text)] == ["The army", "Ana Ruiz", "Ana Ruiz"]


def test_a_full_name_that_comes_later_gives_nothing_to_a_surname() -> None:
    found = find_statements("Ruiz said it was late. Ana Ruiz, a namesake, said she was tired.")
    assert [s.speaker for s in found] == ["Ruiz", "Ana Ruiz"]
