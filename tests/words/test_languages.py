"""Every language has what is promised of it, with the same fields, and a briefing in it holds no English sentence."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import corridor as co
from corridor.deal.answer import ACCURACY, MUST_NOT_CLAIM
from corridor.forecast.agreements import ASSUMED
from corridor.report.names import recognise
from corridor.results.relief import LABEL
from corridor.simulate.series import load_kinds
from corridor.words.catalogue import list_words, load_sentences, load_translations, split_template
from corridor.words.language import LANGUAGES, PROMISED, Language, is_promised
from corridor.words.renew import FOLDER, renew
from corridor.words.said import Said, Stated, say
from corridor.words.writing import write
from english import SHORT, find_english

OTHERS = [language for language in LANGUAGES.values() if not language.is_english]


def read_messages(code: str) -> dict[str, Any]:
    with (FOLDER / f"{code}.po").open("rb") as file:
        return {message.context: message for message in read_po(file, locale=code) if message.id}


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_every_promised_sentence_is_translated_and_none_is_stale(language: Language) -> None:
    """An English sentence that was changed has to be translated anew: its old text no longer fits."""
    there = load_translations(language.code).forms
    missing = [name for name in load_sentences() if is_promised(language, name) and name not in there]
    assert not missing, f"`python -m corridor.words.renew`, then translate: {missing[:20]}"
    stale = [name for name, message in read_messages(language.code).items() if message.fuzzy]
    assert not stale


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_fields_of_their_sentence(language: Language) -> None:
    """The same ones and each as often; a form of the plural may leave out the number that chose it."""
    for name, forms in load_translations(language.code).forms.items():
        sentence = load_sentences()[name]
        fields = sorted(field for _, field in split_template(sentence.text) if field)
        for form in forms:
            found = sorted(field for _, field in split_template(form) if field)
            without = sorted(field for field in fields if field != sentence.count)
            assert found == fields or (sentence.count and found == without), (language.code, name)


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_files_of_translations_are_as_they_are_written(language: Language, tmp_path: Path) -> None:
    """Renewing one changes nothing: no sentence of it is gone, and none is new."""
    path = tmp_path / f"{language.code}.po"
    path.write_bytes((FOLDER / f"{language.code}.po").read_bytes())
    renew(path, language.code)
    assert path.read_text(encoding="utf-8") == (FOLDER / f"{language.code}.po").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", OTHERS)
def test_a_number_takes_its_form_of_the_plural(language: Language) -> None:
    """One, two, five and twenty-one, as Unicode's rules for the language tell them apart."""
    forms = {number: write(say("runs.more", places=Stated(number)), language) for number in (1, 2, 5, 11, 21)}
    expected = {"fr": 2, "uk": 5, "ar": 5}[language.code]  # 21 stands with 1 in Ukrainian, its number with it
    assert len(set(forms.values())) >= expected - 1
    assert forms[1] != forms[2]


def test_whole_sentences_of_other_rooms_are_known() -> None:
    """What rooms below say in English is recognised, so that it is shown in the reader's language."""
    said = [*MUST_NOT_CLAIM, ASSUMED, LABEL, str(ACCURACY["tested_on"])]
    said += ["people inside at the moment", "share of the hours limited by the road", "outside the period"]
    for text in said:
        assert isinstance(recognise(text), Said), text
    assert write(recognise("person-days without clean water")) == "person-days without clean water"
    assert recognise("a note of the user") == "a note of the user"


def test_what_a_number_of_page_one_is_stands_as_the_model_says_it() -> None:
    """The model's table of series is English; the catalogue repeats what page one shows of it."""
    meanings = {(kind.name, kind.meaning) for kind in load_kinds()}
    recorded = {(n.partition(".")[2], s.text) for n, s in load_sentences().items() if n.startswith("recorded.")}
    assert recorded
    assert recorded <= meanings


def test_what_is_promised_is_there() -> None:
    names = load_sentences()
    assert all(any(name.startswith(prefix) for name in names) for prefix in PROMISED)


def test_scripts_are_given_templates_and_every_form_of_the_plural() -> None:
    words = list_words(LANGUAGES["uk"], "runs.more")
    assert set(words) == {"runs.more", "runs.more|one", "runs.more|few", "runs.more|many"}
    assert all("{places}" in text for text in words.values())
    assert set(list_words(LANGUAGES["en"], "runs.more")) == {"runs.more", "runs.more|one", "runs.more|other"}


def read_text(page: str) -> str:
    """Return the words of a page, without its tags, its style and what the user wrote in the case."""
    text = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def drop_own_words(text: str, case: co.Scenario) -> str:
    """Return a text without what the user wrote in the case: notes may be in any language."""
    cells = [value for rows in case.tables.values() for row in rows for value in row.values.values()]
    for own in sorted({cell for cell in cells if isinstance(cell, str)}, key=len, reverse=True):
        text = text.replace(" ".join(own.split()), "") if len(own) > SHORT else text
    return text


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory, short_case: Path) -> co.Run:
    return co.run(co.read(short_case), tmp_path_factory.mktemp("words") / "run", replicates=12, seed=3)


@pytest.mark.parametrize("code", ["fr", "ar", "uk"])
def test_page_one_holds_no_english_sentence(small_run: co.Run, tmp_path: Path, code: str) -> None:
    """It says its language and direction, in its tags and in the document."""
    document = small_run.report(tmp_path / "page.html", quick=True, one_page=True, language=code)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f'<html lang="{code}" dir="{LANGUAGES[code].direction}">' in page
    assert document["language"] == code
    assert not find_english(read_text(page))
    assert not find_english(" ".join(str(document["page_one"]).split()))


@pytest.mark.slow
def test_the_whole_briefing_is_french(small_run: co.Run, tmp_path: Path) -> None:
    small_run.report(tmp_path / "page.html", quick=True, language="français")
    text = read_text((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert not find_english(drop_own_words(text, small_run.scenario))
    assert find_english(read_text("<p>" + write(say("annex.not_for.said")) + "</p>")), "the test finds English"


@pytest.mark.slow
def test_below_page_one_stands_english_where_a_language_has_page_one_alone(small_run: co.Run, tmp_path: Path) -> None:
    """Told in the reader's language, and marked as English that runs to the right."""
    document = small_run.report(tmp_path / "page.html", quick=True, language="ar")
    first, _, below = (tmp_path / "page.html").read_text(encoding="utf-8").partition('<div lang="en" dir="ltr">')
    assert not find_english(read_text(first))
    assert write(say("one.annex"), LANGUAGES["ar"]) in first
    assert "Six answers" in below
    assert document["answers"][0]["question"] == "Who is still inside?"


def test_the_numbers_are_the_same_in_every_language(small_run: co.Run, tmp_path: Path) -> None:
    """Only what stands between their digits differs."""
    tables = []
    for code in LANGUAGES:
        document = small_run.report(tmp_path / f"{code}.html", quick=True, one_page=True, language=code)
        rows = document["page_one"]["expected"]["rows"]
        tables.append([[cell and (cell["q05"], cell["median"], cell["q95"]) for cell in row["cells"]] for row in rows])
    assert all(table == tables[0] for table in tables)


def test_another_language_is_refused_before_the_work(small_run: co.Run, tmp_path: Path) -> None:
    with pytest.raises(co.UsageError, match='no language "klingon"; there are: en'):
        small_run.report(tmp_path / "page.html", language="klingon")


def test_the_page_of_past_forecasts_is_french(tmp_path: Path) -> None:
    """Its tables, pictures and sentences, from a board of no forecast and of some."""
    board = co.score_forecasts([], "Prévisions passées", "")
    board.report(tmp_path / "none.html", language="fr")
    text = read_text((tmp_path / "none.html").read_text(encoding="utf-8"))
    assert '<html lang="fr"' in (tmp_path / "none.html").read_text(encoding="utf-8")
    assert not find_english(text)
    assert "il n’y a rien à noter" in text
