import re
from collections import Counter

import pytest

from upheld.documents.document import shipped
from upheld.standards.standard import UnknownClauseError, clause, exists, newer, related, standards


def test_the_standards_have_as_many_clauses_as_published():
    assert {name: len(standard.clauses) for name, standard in standards().items() if standard.complete} == {
        "ISO/IEC 27001:2013": 114,
        "ISO/IEC 27001:2022": 93,
        "ISO/IEC 27701:2019": 31 + 18,
        "ISO/IEC 27701:2025": 18,
        "SOC 2": 33 + 3 + 2,
        "CSA CCM 4": 197,
    }


def test_each_objective_of_2013_has_its_number_of_controls():
    counts = Counter(number.split(".")[1] for number in standards()["ISO/IEC 27001:2013"].clauses)
    assert [counts[str(objective)] for objective in range(5, 19)] == [2, 7, 6, 10, 14, 2, 15, 14, 7, 13, 5, 7, 4, 8]


def test_each_theme_of_2022_is_numbered_without_a_gap():
    numbers = list(standards()["ISO/IEC 27001:2022"].clauses)
    assert numbers == [f"A.{theme}.{n}" for theme, last in ((5, 37), (6, 8), (7, 14), (8, 34)) for n in range(1, last + 1)]


def test_each_domain_of_the_cloud_matrix_has_its_number_of_controls_without_a_gap():
    numbers = list(standards()["CSA CCM 4"].clauses)
    counts = Counter(number.partition("-")[0] for number in numbers)
    assert list(counts.values()) == [6, 7, 11, 9, 21, 15, 19, 8, 13, 16, 4, 9, 13, 8, 14, 10, 14]
    assert numbers == [f"{domain}-{n:02}" for domain, last in counts.items() for n in range(1, last + 1)]


def test_every_control_of_the_cloud_matrix_has_a_place_in_annex_a_and_says_that_nobody_checked_it():
    for control in standards()["CSA CCM 4"].clauses.values():
        assert "ISO/IEC 27001:2022" in {link.clause.standard for link in related(control)}, control
        assert {link.checked for link in related(control)} == {None}


def test_a_clause_says_what_it_is_about():
    found = clause("ISO/IEC 27001:2013 A.9.2.6")
    assert "leave" in found.title
    assert found.cited == "ISO/IEC 27001:2013 A.9.2.6"


@pytest.mark.parametrize("cited", ["ISO/IEC 27001:2013 A.11.3.1", "ISO 9001 4.1", "A.9.2.6", ""])
def test_a_clause_that_is_not_there_is_refused_with_what_is(cited):
    with pytest.raises(UnknownClauseError, match=re.escape(f"`{cited}`")):
        clause(cited)


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("ISO/IEC 27001:2013 A.9.2.6", True),
        ("ISO/IEC 27001:2013 A.9.2", True),
        ("ISO/IEC 27001:2013 A.9", True),
        ("ISO/IEC 27001:2013 A.11.3.1", False),
        ("ISO/IEC 27001:2013 A.8.14", False),
        ("ISO/IEC 27001:2022 A.8.14", True),
        ("ISO/IEC 27001:2022 A.8.35", False),
        ("ISO/IEC 27001:2022 6.1.2", None),
        ("ISO/IEC 27701:2019 8.5.9", False),
        ("ISO/IEC 27701:2019 6.3.1", None),
        ("ISO/IEC 27701:2025 A.2.5.9", True),
        ("ISO/IEC 27701:2025 A.2.5.10", False),
        ("ISO/IEC 27701:2025 A.1.2.2", None),
        ("GDPR 32", True),
        ("GDPR 28(3)(a)", True),
        ("GDPR 83(4)", None),
        ("GDPR 120", False),
        ("NIS2 21(2)(j)", True),
        ("NIS2 21", True),
        ("NIS2 47", False),
        ("SOC 2 CC6.1", True),
        ("SOC 2 CC6.9", False),
        ("SOC 2 P4.1", None),
        ("CSA CCM 4 IAM-07", True),
        ("CSA CCM 4 IAM-17", False),
        ("NIST 800-53 AC-2", None),
    ],
)
def test_what_is_not_held_is_denied_only_where_the_list_is_complete(cited, expected):
    assert exists(cited) is expected


def test_every_control_of_2013_has_a_place_in_2022_and_every_processor_clause_one_in_2025():
    for old in standards()["ISO/IEC 27001:2013"].clauses.values():
        assert {link.clause.standard for link in newer(old)} == {"ISO/IEC 27001:2022"}, old
    moved = [newer(clause(f"ISO/IEC 27701:2019 {number}")) for number in standards()["ISO/IEC 27701:2019"].clauses if number[0] == "8"]
    assert [links[0].clause.number for links in moved] == list(standards()["ISO/IEC 27701:2025"].clauses)


def test_eleven_controls_are_new_in_2022():
    old = {link.clause.number for old in standards()["ISO/IEC 27001:2013"].clauses.values() for link in newer(old)}
    new = [number for number in standards()["ISO/IEC 27001:2022"].clauses if number not in old]
    assert new == ["A.5.7", "A.5.23", "A.5.30", "A.7.4", "A.8.9", "A.8.10", "A.8.11", "A.8.12", "A.8.16", "A.8.23", "A.8.28"]


def test_what_nobody_could_check_is_marked():
    assert newer(clause("ISO/IEC 27701:2019 8.2.1"))[0].checked is None
    assert newer(clause("ISO/IEC 27701:2019 8.5.6"))[0].checked == "public page on the 2025 edition"
    assert all(link.checked is None for held in standards()["SOC 2"].clauses.values() for link in related(held))


def test_a_crosswalk_is_read_in_both_directions():
    assert clause("SOC 2 CC6.2") in [link.clause for link in related(clause("ISO/IEC 27001:2022 A.5.16"))]
    assert clause("ISO/IEC 27001:2022 A.5.16") in [link.clause for link in related(clause("SOC 2 CC6.2"))]
    assert clause("GDPR 28(2)") in [link.clause for link in related(clause("ISO/IEC 27701:2019 8.5.6"))]
    assert newer(clause("ISO/IEC 27001:2022 A.5.16")) == ()


def test_every_clause_of_the_founding_documents_exists():
    for document in shipped():
        for promise in document.promises:
            assert [clause(cited).cited for cited in promise.clauses] == list(promise.clauses), promise.id


def test_every_founding_promise_that_cites_an_older_edition_cites_the_newer_one_too():
    for document in shipped():
        for promise in document.promises:
            for cited in promise.clauses:
                expected = {link.clause.cited for link in newer(clause(cited))}
                assert not expected or expected & set(promise.clauses), (promise.id, cited)
