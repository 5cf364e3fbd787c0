"""A report as PDF or DOCX gives what its plain text gives; what cannot be read is refused with its reason."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.evidence.grammar.documents import is_document
from corridor.evidence.grammar.text import decode_text, read_text
from corridor.evidence.suggest import suggest
from corridor.scenario.faults import FaultsError

LINES = (
    "Heavy rain has flooded 14 villages along the river and about 3,200 people have been mo-",
    "ved to higher ground, the provincial office said. The water stood 2.4 metres above the",
    "bank.",
    "District      Families     Tents",
    "Tolmeh        1,250 families     310 tents",
)


def write_pdf(lines: tuple[str, ...]) -> bytes:
    """Write a PDF of one page, a line below the other, from the first pages of its standard."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 11 Tf 40 780 Td {shown}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def write_docx(paragraphs: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.add_paragraph("12 trucks left.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def said(data: bytes) -> list[tuple[object, object]]:
    text = decode_text("r", data)
    found = suggest(text).proposals
    assert all(text.content[p["start"] : p["end"]] == p["text"] for p in found)
    return [(p["value"], p["unit"]) for p in found if p["kind"] == "quantity"]


def test_a_pdf_is_read_with_its_broken_words_and_the_rows_of_its_table(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(write_pdf(LINES))
    text = read_text(path)
    assert "have been moved" in text.content
    assert "bank.\n\nDistrict" in text.content
    counted = [(14, "villages"), (3200, "people"), (2.4, "metres"), (1250, "families"), (310, "tents")]
    assert said(path.read_bytes()) == counted


def test_a_docx_is_read_in_its_order_with_the_rows_of_its_table(tmp_path):
    rows = (("Place", "Families"), ("Tolmeh", "1,250 families"), ("Sarin", "310 tents"))
    path = tmp_path / "report.docx"
    path.write_bytes(write_docx(("About 40 people came.",), rows))
    assert read_text(path).content.split("\n\n")[1:4] == [
        "Place | Families",
        "Tolmeh | 1,250 families",
        "Sarin | 310 tents",
    ]
    assert said(path.read_bytes()) == [(40, "people"), (1250, "families"), (310, "tents"), (12, "vehicles")]


def test_a_page_without_text_and_an_archive_of_another_kind_are_told(tmp_path):
    with pytest.raises(FaultsError) as caught:
        decode_text("r", write_pdf(()))
    assert caught.value.faults[0].code == "text_empty"
    assert "pictures" in caught.value.faults[0].found
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sheet.xml", "x")
    with pytest.raises(FaultsError) as caught:
        decode_text("r", file.getvalue())
    assert "no DOCX" in caught.value.faults[0].found


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([write_pdf(LINES), write_docx(("40 people",), (("a", "b"),))]), st.data())
def test_a_damaged_document_is_read_or_refused_and_never_more(data, draw):
    at = draw.draw(st.integers(4, len(data) - 1))
    cut = data[:at] + draw.draw(st.binary(max_size=8)) + data[at + draw.draw(st.integers(0, 40)) :]
    assert is_document(cut)
    codes: list[str] = []
    try:
        decode_text("r", cut)
    except FaultsError as error:
        codes = [fault.code for fault in error.faults]
    assert codes in ([], ["text_binary"], ["text_empty"])
