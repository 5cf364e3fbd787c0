"""French: what is written is read with its value, unit, day, speaker and stance, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.evidence.grammar.language import load_language
from corridor.evidence.grammar.numbers import parse_number
from corridor.evidence.grammar.text import decode_text
from corridor.evidence.suggest import suggest

from .marking import score_file

DAY = date(2024, 5, 16)  # a Thursday


def read(text: str, kind: str) -> list[dict]:
    found = suggest(decode_text("r", text.encode()), [], DAY, "fr")
    return [dict(p) for p in found.proposals if p["kind"] == kind]


UNITS = ["", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"]
UNITS += ["quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}


def spell(number: int) -> str:
    """Write a number below a million as French does; an independent way back from `parse_number`."""
    if number >= 1000:
        head = "" if number < 2000 else spell(number // 1000).replace("cents", "cent").replace("vingts", "vingt")
        return f"{head} mille {spell(number % 1000)}".strip()
    if number >= 100:
        head, rest = number // 100, number % 100
        return (
            f"{UNITS[head] + ' ' if head > 1 else ''}cent{'s' if head > 1 and not rest else ''} {spell(rest)}".strip()
        )
    if number < 20:
        return UNITS[number]
    if number >= 80:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{UNITS[number - 80]}"
    tens = 6 if number >= 70 else number // 10
    rest = number - 10 * tens
    return TENS[tens] + (f" et {UNITS[rest]}" if rest in (1, 11) else f"-{UNITS[rest]}" if rest else "")


def test_every_spelled_number_is_read_as_itself() -> None:
    french = load_language("fr")
    for number in [*range(2, 1000), *range(1000, 1_000_000, 997)]:
        assert parse_number(spell(number), french) == number, spell(number)


QUANTITIES = [
    ("1 200 camions", [(1200, None, None, "vehicles")]),
    ("1\u202f200 camions et 12\u00a0450 réfugiés", [(1200, None, None, "vehicles"), (12450, None, None, "people")]),
    ("1,5 million de personnes", [(1_500_000, None, None, "people")]),
    ("3,5 millions de dollars", [(3_500_000, None, None, "dollars")]),
    ("2,3 milliards d'euros", [(2_300_000_000, None, None, "euros")]),
    ("un million et demi d’habitants", [(1_500_000, None, None, "people")]),
    ("un demi-million de déplacés", [(500_000, None, None, "people")]),
    ("entre 100 et 200 blessés", [(None, 100, 200, "people")]),
    ("deux à trois cents camions", [(None, 200, 300, "vehicles")]),
    ("cinq à huit mille familles", [(None, 5000, 8000, "families")]),
    ("entre 2 et 3 millions de personnes", [(None, 2e6, 3e6, "people")]),
    ("5 et 6 kg de riz", [(5, None, None, "kg"), (6, None, None, "kg")]),
    ("une centaine de maisons", [(100, None, None, "houses")]),
    ("plus d’une vingtaine de soldats", [(20, 20, None, "people")]),
    ("au moins 37 morts", [(37, 37, None, "people")]),
    ("pas moins de 60 écoles", [(60, 60, None, "schools")]),
    ("jusqu’à 300 tentes", [(300, None, 300, "tents")]),
    ("moins de 40 lits", [(40, None, 40, "beds")]),
    ("cinquante véhicules au plus", [(50, None, 50, "vehicles")]),
    ("près de 18 000 hectares", [(18000, None, None, "hectares")]),
    ("deux tiers de la ville", [(0.6667, None, None, "share")]),
    ("un quart de la récolte", [(0.25, None, None, "share")]),
    ("la moitié des habitants", [(0.5, None, None, "share")]),
    ("un enfant sur cinq", [(0.2, None, None, "share")]),
    ("neuf maisons sur dix", [(0.9, None, None, "share")]),
    ("64 % des puits", [(64, None, None, "percent")]),
    ("soixante pour cent des stocks", [(60, None, None, "percent")]),
    ("7 litres par personne par jour", [(7, None, None, "litres/person/day")]),
    ("420 tonnes de farine", [(420, None, None, "tonnes")]),
    ("1,5 litre d’eau", [(1.5, None, None, "litres")]),
    ("trois des cinq ponts", [(3, None, None, "bridges"), (5, None, None, "bridges")]),
    ("Disparus : 31", [(31, None, None, "people")]),
    ("44 nouveaux lampadaires", [(44, None, None, "lampadaires")]),
]


@pytest.mark.parametrize(("text", "expected"), QUANTITIES)
def test_quantities(text: str, expected: list[tuple]) -> None:
    found = read(f"{text}.", "quantity")
    assert [(p["value"], p["low"], p["high"], p["unit"]) for p in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        "plusieurs milliers de personnes",
        "des centaines de camions",
        "1.250 personnes",  # thousands or decimals
        "12,500 personnes",
        "20-30 000 personnes",
        "un homme de 32 ans",
        "à 14 heures",
        "à 14h30",
        "la route nationale 7",
        "24 heures sur 24",
        "l'article 12 de la loi",
        "le 12e bataillon",
        "une personne",
        "il y a trois jours",
        "l’hôpital neuf",
    ],
)
def test_what_is_no_quantity_or_could_be_two_is_left_out(text: str) -> None:
    assert read(f"{text}.", "quantity") == []


DATES = [
    ("Le pont a sauté mardi dernier.", [("2024-05-14", "2024-05-14")]),
    ("La ville est coupée depuis dimanche.", [("2024-05-12", "2024-05-12")]),
    ("Le convoi partira samedi.", [("2024-05-18", "2024-05-18")]),
    ("Il est arrivé hier soir.", [("2024-05-15", "2024-05-15")]),
    ("Les tirs ont repris avant-hier.", [("2024-05-14", "2024-05-14")]),
    ("La route rouvrira demain.", [("2024-05-17", "2024-05-17")]),
    ("Le 1er mai 2023, le camp a fermé.", [("2023-05-01", "2023-05-01")]),
    ("Les travaux dureront jusqu’à fin septembre.", [("2024-09-30", "2024-09-30")]),
    ("dans la nuit du 5 au 6 mai", [("2024-05-05", "2024-05-06")]),
    ("Du 3 au 9 mars, ils ont fui.", [("2024-03-03", "2024-03-09")]),
    ("du 28 septembre au 3 octobre 2023", [("2023-09-28", "2023-10-03")]),
    ("entre le 9 et le 15 avril 2024", [("2024-04-09", "2024-04-15")]),
    ("Le 3/9/2023, le pont a cédé.", [("2023-09-03", "2023-09-03")]),
    ("la semaine dernière", [("2024-05-06", "2024-05-12")]),
    ("le mois prochain", [("2024-06-01", "2024-06-30")]),
    ("avant la fin du mois", [("2024-05-31", "2024-05-31")]),
    ("il y a trois jours", [("2024-05-13", "2024-05-13")]),
    ("en mars 2022", [("2022-03-01", "2022-03-31")]),
    ("Un marché se tient chaque vendredi.", []),
    ("début mars", []),
    ("Le convoi devait partir samedi.", []),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: list[tuple]) -> None:
    assert [(p["from"], p["to"]) for p in read(text, "date")] == expected


STATEMENTS = [
    ("Le maire a déclaré que le pont tenait.", [("Le maire", "", "asserts")]),
    ("Le pont tient, a déclaré mardi le maire Paul Ferrand.", [("Paul Ferrand", "le maire", "asserts")]),
    ("« Le pont tient », a affirmé Jeanne Roy, ingénieure.", [("Jeanne Roy", "ingénieure", "asserts")]),
    ("Selon l’ONU, le pont tient encore.", [("l’ONU", "", "asserts")]),
    ("Le pont tient encore, d'après les autorités locales.", [("les autorités locales", "", "asserts")]),
    ("L’armée dément avoir tiré sur le pont.", [("L’armée", "", "denies")]),
    ("Le préfet, Luc Morel, exige une trêve.", [("Luc Morel", "Le préfet", "demands")]),
    ("Les deux parties ont convenu d’ouvrir la route.", [("Les deux parties", "", "agreed")]),
    ("Le gouvernement s’est engagé à rouvrir le pont.", [("Le gouvernement", "", "promises")]),
    ("Le HCR craint une nouvelle vague de départs.", [("Le HCR", "", "fears")]),
    ("Les rebelles n’ont pas confirmé la nouvelle.", []),
    ("La demande a été transmise au conseil.", []),
    ("L’état d’urgence déclaré lundi reste en vigueur.", []),
    ("Le rapport indique que le pont tient.", []),
    ("On dit que le pont tient.", []),
    ("NOTE D'INFORMATION. Le pont tient.", []),
    ("Le pont NOTE que tout va.", []),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statements(text: str, expected: list[tuple]) -> None:
    found = read(text, "statement")
    assert [(p["speaker"], p["role"], p["stance"]) for p in found] == expected


def test_a_pronoun_stands_for_who_spoke_before() -> None:
    found = read("« Le pont tient », a dit Jeanne Roy. « Il a plu », a-t-elle ajouté.", "statement")
    assert [p["speaker"] for p in found] == ["Jeanne Roy", "Jeanne Roy"]


PIECES = [
    *(text for text, _ in (*QUANTITIES, *DATES, *STATEMENTS)),
    "l'",
    "« ",
    " »",
    "a-t-il",
    "qu’",
    "déclaré",
    "\n\n",
    ", ",
    ". ",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES) | st.text("l'’« »aàé1 ,.:-", max_size=5), max_size=12).map(" ".join))
def test_any_french_text_gives_proposals_that_stand_in_it(text: str) -> None:
    if text.strip():
        for proposal in suggest(decode_text("r", text.encode()), [], DAY, "fr").proposals:
            assert text[proposal["start"] : proposal["end"]] == proposal["text"] != ""


def test_the_paragraphs_that_were_worked_on_are_read_as_marked() -> None:
    score = score_file("french-worked-on.toml")
    assert all(score.precision(kind) > 0.95 and score.recall(kind) > 0.9 for kind in ("quantity", "date", "stance"))
