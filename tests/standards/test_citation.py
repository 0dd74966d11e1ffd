import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.standards.citation import citations, common_edition, without
from upheld.standards.standard import standards

ALL = [held.cited for standard in standards().values() for held in standard.clauses.values()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ISO 27001/27002 - 5.1.1", ["ISO/IEC 27001:2013 A.5.1.1"]),
        ("ISO 27001/27002 – 18.1.3", ["ISO/IEC 27001:2013 A.18.1.3"]),
        ("see A.18.1.2", ["ISO/IEC 27001:2013 A.18.1.2"]),
        ("Annex A 9.2.6", ["ISO/IEC 27001:2013 A.9.2.6"]),
        ("A9.2.6", ["ISO/IEC 27001:2013 A.9.2.6"]),
        ("ISO27001 A.9.2.6", ["ISO/IEC 27001:2013 A.9.2.6"]),
        ("27701 8.2.1", ["ISO/IEC 27701:2019 8.2.1"]),
        ("ISO 27701 - 8.2.1", ["ISO/IEC 27701:2019 8.2.1"]),
        ("ISO 27701:2019 B.8.2.1, A.7.2.1", ["ISO/IEC 27701:2019 8.2.1", "ISO/IEC 27701:2019 7.2.1"]),
        ("ISO/IEC 27701:2025 A.2.2.2", ["ISO/IEC 27701:2025 A.2.2.2"]),
        ("ISO/IEC 27001:2022 Annex A 5.18 and 5.17", ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.5.17"]),
        ("ISO/IEC 27002:2022 8.13", ["ISO/IEC 27001:2022 A.8.13"]),
        ("ISO 27001 (2022) A.5.1", ["ISO/IEC 27001:2022 A.5.1"]),
        ("ISO/IEC 27001:2013/27002:2013 A.9.2.1", ["ISO/IEC 27001:2013 A.9.2.1"]),
        ("ISO/IEC 27001:2022 (6.1.2)", ["ISO/IEC 27001:2022 6.1.2"]),
        (
            "(ISO/IEC 27001:2013, A.9.2.1, A.9.2.2 and A.9.2.6)",
            ["ISO/IEC 27001:2013 A.9.2.1", "ISO/IEC 27001:2013 A.9.2.2", "ISO/IEC 27001:2013 A.9.2.6"],
        ),
        ("GDPR 28(3)(a)", ["GDPR 28(3)(a)"]),
        ("Art. 32 para. 1 lit. b GDPR", ["GDPR 32(1)(b)"]),
        ("Art. 32 Abs. 1 lit. b DS-GVO", ["GDPR 32(1)(b)"]),
        ("Articles 28, 30 (2) and 32 GDPR", ["GDPR 28", "GDPR 30(2)", "GDPR 32"]),
        ("Article 28(2) of Regulation (EU) 2016/679", ["GDPR 28(2)"]),
        ("NIS2 21(2)(j)", ["NIS2 21(2)(j)"]),
        ("Art. 21(2)(d) of the NIS 2 Directive and Art. 32 GDPR", ["NIS2 21(2)(d)", "GDPR 32"]),
        ("CC6.1, CC6.2", ["SOC 2 CC6.1", "SOC 2 CC6.2"]),
        ("SOC 2: A1.2", ["SOC 2 A1.2"]),
        ("CAIQ A&A-01.1, IAM-07.2 (CCM v4.0.12: CEK-03)", ["CSA CCM 4 A&A-01", "CSA CCM 4 IAM-07", "CSA CCM 4 CEK-03"]),
    ],
)
def test_a_citation_is_read_however_it_is_spelt(text, expected):
    assert [citation.cited for citation in citations(text)] == expected


@pytest.mark.parametrize(
    "text",
    ["version 9.2.6", "8.2.1 We lock.", "A.1 Scope", "3.5 mm", "on 27.11.2023", "10.0.0.1", "ISO 27001 since 27.11.2023",
     "Art. 32 of our charter", "certified to ISO/IEC 27001:2022", "ISO 27001, 5.1 million records", "within GDPR 72 hours",
     "A 2.5 inch disk", "", "99.9 %", "LOG-12 and IAM-07", "CAIQ XIAM-07, IAM-071, IAM-07-b"],
)  # fmt: skip
def test_a_number_that_is_no_citation_is_left_alone(text):
    assert citations(text) == ()


def test_the_text_around_decides_the_edition_where_the_number_does_not():
    assert citations("ISO 27001/27002 - 8.14")[0].cited == "ISO/IEC 27001:2022 A.8.14"
    assert citations("ISO 27001/27002 - 8.14", edition="ISO/IEC 27001:2013")[0].cited == "ISO/IEC 27001:2013 A.8.14"
    assert common_edition(["A.9.2.6", "A.9.2.5", "ISO 27001 8.14"]) == "ISO/IEC 27001:2013"
    assert common_edition(["no citation"]) is None


def test_whether_the_edition_was_said_is_kept():
    assert [one.edition_said for one in citations("A.9.2.6; ISO/IEC 27001:2022 A.5.18")] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We lock. ISO 27001/27002 - 5.1.1", "We lock."),
        ("We lock (A.9.2.6, A.9.2.5).", "We lock."),
        ("We lock – Art. 32(1)(b) GDPR.", "We lock."),
        ("A.9.2.6: We lock.", "We lock."),
        ("We lock screens (Art. 28, 32 GDPR) and doors [CC6.1].", "We lock screens and doors."),
        ("According to A.9.2.6 we lock.", "According to A.9.2.6 we lock."),
        ("We lock.", "We lock."),
        ("ISO 27001 A.9.2.6", ""),
    ],
)
def test_citations_are_taken_off_where_they_do_not_carry_the_sentence(text, expected):
    assert without(text) == expected


@given(st.sampled_from(ALL))
def test_every_clause_is_read_back_from_its_full_form(cited):
    assert [citation.cited for citation in citations(f"We lock ({cited}).")] == [cited]


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=5), st.sampled_from([", ", "; ", " and ", " / "]))
def test_a_list_of_citations_gives_each_of_them(cited, joined):
    assert [citation.cited for citation in citations(joined.join(cited))] == cited


@given(st.text(max_size=200) | st.from_regex(r"(ISO|A\.|GDPR|Art\.|CC|[ (),.:/-]|\d){0,40}"))
def test_any_text_is_read_without_an_error_and_where_it_says(text):
    for citation in citations(text):
        assert text[citation.start : citation.end] == citation.written
        assert citation.number
    assert isinstance(without(text), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "Co", "Cc", "Zs", "Zl", "Zp"]), max_size=60).map(str.strip))
def test_a_text_without_numbers_stays_as_it_is(text):
    assert without(text) == text or text.endswith((".", "!", "?"))
