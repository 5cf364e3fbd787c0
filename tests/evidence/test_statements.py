"""Who said what: each form of attribution, with what must not be taken for one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from corridor.evidence.grammar.sentences import QUOTED, split_sentences
from corridor.evidence.grammar.statements import find_statements


@pytest.mark.parametrize(
    ("text", "speaker", "said_to", "stance"),
    [
        ("The road is open, the ministry told REUTERS.", "the ministry", "REUTERS", "asserts"),
        ("According to the mayor, Ana Ruiz, the road is open.", "Ana Ruiz", "", "asserts"),
        ("The road is open, a reporter at the scene said.", "a reporter at the scene", "", "asserts"),
        ("Ana Ruiz, an adviser to the mayor, said the road is open.", "Ana Ruiz", "", "asserts"),
        ("“It is open,” said Ana Ruiz, the mayor.", "Ana Ruiz", "", "asserts"),
        ("The union denied that the road is open.", "The union", "", "denies"),
        ("The army promised to open the road.", "The army", "", "promises"),
        ("Villagers fear that the road will close.", "Villagers", "", "fears"),
        ("The mayor demanded that the road be opened.", "The mayor", "", "demands"),
        ("The mayor said a deal had been reached on the road.", "The mayor", "", "agreed"),
        ("The mayor said no agreement had been reached on the road.", "The mayor", "", "not_agreed"),
        ("The parties have not agreed on the road.", "The parties", "", "not_agreed"),
    ],
)
def test_forms_of_attribution(text, speaker, said_to, stance):
    (found,) = find_statements(text)
    assert (found.speaker, found.said_to, found.stance) == (speaker, said_to, stance)
    assert text[found.start : found.end] == text
    assert found.about in text


@pytest.mark.parametrize(
    "text",
    [
        "It is said that the road is open.",
        "The mayor did not say that the road is open.",
        "The mayor declined to say more.",
        "Drivers were told to wait.",
        "The agreed route is long.",
        "What the mayor said is not known.",
        "Dozens are feared dead.",
        "The law says that roads are free.",
        "The storm claimed ten lives.",
        "The country recalled its envoy.",
        "Some say it is late.",
        "He said it was late.",
    ],
)
def test_what_is_no_statement_or_not_sure_is_left_out(text):
    assert find_statements(text) == []


def test_one_who_passes_on_another_reports_and_the_other_speaks_too():
    found = find_statements("The mayor said drivers had told her that the road was open.")
    assert [(s.speaker, s.stance) for s in found] == [("The mayor", "reports"), ("drivers", "asserts")]


def test_a_pronoun_stands_for_who_spoke_last_and_for_nobody_if_two_did():
    one = find_statements("“We wait,” said Ana Ruiz, a nurse. “It is late,” she said.")
    assert [s.speaker for s in one] == ["Ana Ruiz", "Ana Ruiz"]
    two = find_statements("Ana Ruiz said it was late, but Eva Lund said it was early. “It is noon,” she said.")
    assert [s.speaker for s in two] == ["Ana Ruiz", "Eva Lund"]


def test_a_surname_takes_its_full_name_unless_two_share_it():
    text = "Ana Ruiz, a nurse, said it was late. Ruiz said she was tired."
    assert [s.speaker for s in find_statements(text)] == ["Ana Ruiz", "Ana Ruiz"]
    shared = "Ana Ruiz said it was late. Eva Ruiz said it was early. Ruiz said it was noon."
    assert [s.speaker for s in find_statements(shared)] == ["Ana Ruiz", "Eva Ruiz", "Ruiz"]


def test_verbs_inside_quotations_belong_to_the_quotation():
    (found,) = find_statements("“My brother said the army is near,” said Ana Ruiz.")
    assert (found.speaker, found.stance) == ("Ana Ruiz", "reports")


def test_a_quotation_that_goes_on_belongs_to_its_statement():
    text = "“We wait,” Ana Ruiz told Reuters. “There is no agreement yet.” It rained."
    (found,) = find_statements(text)
    assert text[found.start : found.end].endswith("agreement yet.”")
    assert found.stance == "not_agreed"


def test_sentences_follow_each_other_and_never_cut_a_quotation():
    text = "Dr. Ruiz came at 5 p.m. on Sept. 3. “It rained. It poured!” she said.\n\n"
    text += "The U.N. left. 3.5 km remain."
    sentences = split_sentences(text)
    assert [text[s.start : s.end][:8] for s in sentences] == ["Dr. Ruiz", "“It rain", "The U.N.", "3.5 km r"]
    for one, two in pairwise(sentences):
        assert one.end <= two.start
    for sentence in sentences:
        assert len(sentence.masked) == sentence.end - sentence.start
        kept = [
            a == b for a, b in zip(sentence.masked, text[sentence.start : sentence.end], strict=True) if a != QUOTED
        ]
        assert all(kept)
