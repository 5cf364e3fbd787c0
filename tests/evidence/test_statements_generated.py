"""Statements built from speakers and constructions in the manner of agencies: who said it and how, or nothing.

The sentences were written by who wrote the grammar: they guard constructions, and say nothing about other texts.
"""

from __future__ import annotations

import pytest

from corridor.evidence.grammar.statements import find_statements

# How a speaker is written, and the name by which it is to be found.
SPEAKERS = {
    "the Ministry of Health": "the Ministry of Health",
    "Health Minister Ana Ruiz": "Ana Ruiz",
    "Ana Ruiz, the health minister,": "Ana Ruiz",
    "the mayor, Ana Ruiz,": "Ana Ruiz",
    "UNICEF": "UNICEF",
    "Ana Ruiz, UNICEF’s representative in Doma,": "Ana Ruiz",
    "WHO’s regional director, Ana Ruiz,": "Ana Ruiz",
    "a spokesman for the army": "a spokesman for the army",
    "Dr Ana Ruiz, who runs the clinic,": "Ana Ruiz",
    "army spokesman Colonel Juan Ruiz": "Juan Ruiz",
    "the International Committee of the Red Cross": "the International Committee of the Red Cross",
    "the governor’s office": "the governor’s office",
    "the UN refugee agency": "the UN refugee agency",
    "the General Staff": "the General Staff",
    "the Chief Minister": "the Chief Minister",
    "the RSF": "the RSF",
    "M23": "M23",
    "a doctor at the hospital": "a doctor at the hospital",
}
FORMS = {
    "{S} said the bridge was closed.": "asserts",
    "400 houses have burnt down, {s} said on Monday, adding that more were at risk.": "asserts",
    "“The bridge is closed,” {s} told reporters in Doma.": "asserts",
    "The road, {s} said, will stay shut.": "asserts",
    "In a statement on Monday, {s} said the bridge was closed.": "asserts",
    "{S} put the toll at 12.": "asserts",
    "{S} accused the army of shelling the school.": "asserts",
    "On Monday, {s} denied that shells had hit the school.": "denies",
    "{S} warned that stocks would run out.": "fears",
    "{S} expressed concern over the fate of the town.": "fears",
    "{S} called on all parties to open the road.": "demands",
    "{S} urged the government to open the road.": "demands",
    "{S} has pledged $4 million.": "promises",
    "{S} refused to sign the text.": "not_agreed",
    "{S} agreed to open the road.": "agreed",
}
OTHERS = {
    "A statement by the army said the bridge was mined.": [("the army", "asserts")],
    "The governor visited the camp and said more tents were on the way.": [("The governor", "asserts")],
    "Ana Ruiz runs the clinic. She says 14 nurses have left.": [("Ana Ruiz", "asserts")],
    "The ministry counted 400 dead. It said more would follow.": [
        ("The ministry", "asserts"),
        ("The ministry", "asserts"),
    ],
    "The commander’s order to retreat came late.": [("The commander", "demands")],
    "The government blames the rebels; the rebels deny it.": [("The government", "asserts"), ("the rebels", "denies")],
    "The plan was not accepted by the eastern delegation.": [("the eastern delegation", "not_agreed")],
    "The rebels insist that the prisoners be freed.": [("The rebels", "demands")],
    "Norway and Sweden pledged 12 ambulances.": [("Norway and Sweden", "promises")],
    "The Red Crescent is asking for blankets.": [("The Red Crescent", "demands")],
    "Several residents told AFP they had seen tanks.": [("Several residents", "asserts")],
}


@pytest.mark.parametrize("form", FORMS)
def test_who_said_it_and_how(form):
    missed = 0
    for written, name in SPEAKERS.items():
        text = form.format(s=written, S=written[0].upper() + written[1:])
        found = find_statements(text)
        assert all((s.speaker.lower(), s.stance) == (name.lower(), FORMS[form]) for s in found), (text, found)
        missed += not found
    assert missed == 0


@pytest.mark.parametrize("text", OTHERS)
def test_other_ways_to_say_it(text):
    assert [(s.speaker, s.stance) for s in find_statements(text)] == OTHERS[text]


@pytest.mark.parametrize(
    "text",
    [
        "Neither side has confirmed the figure.",
        "The ministry has not said how many died.",
        "The flood claimed 12 lives.",
        "The army placed its guns at 40 points.",
        "The demand for bread has doubled.",
        "A UN appeal for $26 million is open.",
        "The minister declined to comment.",
        "It is feared that 40 people drowned.",
        "The offer expires on Friday.",
    ],
)
def test_what_nobody_said(text):
    assert find_statements(text) == []
