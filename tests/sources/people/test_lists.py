"""Lists as companies really keep them: encodings, delimiters, headers, dates, and lines that are wrong."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from upheld.evidence.collection import Collecting, Coverage
from upheld.evidence.table import Kind
from upheld.sources.people import LIST, PEOPLE
from upheld.sources.people.values import Habits, UnreadableError, value
from upheld.sources.source import Misconfigured, SourceError, complete

NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)
Collect = Callable[..., Collecting]


@pytest.fixture
def collected(tmp_path: Path) -> Collect:
    """Writes a list and collects it."""

    def collect(content: bytes | str, *, name: str = "list.csv", saved: float | None = None, **settings: str) -> Collecting:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if saved is not None:
            os.utime(path, (saved, saved))
        kind = LIST if "table" in settings else PEOPLE
        source = kind.connect(complete(kind, {"file": str(path), **settings}))
        into = Collecting("hr", source.tables, NOON)
        source.collect(into)
        return into

    return collect


def rows(into: Collecting, name: str = "people") -> list[dict[str, object]]:
    return [{column: value for column, value in row.items() if value is not None} for row in into.seen[name].rows.values()]


def short(into: Collecting, name: str = "people") -> list[str]:
    return into.seen[name].cut_short


GERMAN = (
    "Personalnummer;Name;E-Mail;Eintritt;Austritt\n1001;Änne Groß;a@example.org;01.02.2020;\n1002;Ben;b@example.org;15.03.2021;31.12.2025\n"
)
GERMAN_ROWS = [
    {"id": "1001", "name": "Änne Groß", "mail": "a@example.org", "started_on": date(2020, 2, 1)},
    {"id": "1002", "name": "Ben", "mail": "b@example.org", "started_on": date(2021, 3, 15), "ended_on": date(2025, 12, 31)},
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_german_list_is_read_in_every_encoding_it_may_come_in(collected: Collect, encoding: str) -> None:
    into = collected(GERMAN.encode(encoding))
    assert rows(into) == GERMAN_ROWS
    assert into.coverage is Coverage.COMPLETE


def test_a_doubtful_encoding_is_said(collected: Collect) -> None:
    assert any("Windows-1252" in note for note in collected(GERMAN.encode("cp1252")).notes)
    assert any("line 2" in note for note in collected(GERMAN.encode().decode("cp1252").encode()).notes)
    assert not any("doubtful" in note for note in collected(GERMAN).notes)


def test_a_named_encoding_that_the_bytes_contradict_is_refused(collected: Collect) -> None:
    with pytest.raises(SourceError, match=r"byte .* is not utf-8"):
        collected(GERMAN.encode("cp1252"), encoding="utf-8")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_out(collected: Collect, delimiter: str) -> None:
    assert rows(collected(GERMAN.replace(";", delimiter))) == GERMAN_ROWS


def test_excels_separator_line_is_understood_and_line_numbers_stay_true(collected: Collect) -> None:
    into = collected("sep=|\nid|started_on\n1|2026-01-01\n2|31.02.2026\n")
    assert rows(into) == [{"id": "1", "started_on": date(2026, 1, 1)}]
    assert short(into) == ["line 4: column 'started_on': '31.02.2026' is a day that does not exist"]


def test_columns_the_list_lacks_are_unknown_and_guesses_are_said(collected: Collect) -> None:
    into = collected("Personalnummer,Lieblingsfarbe\n1,blau\n")
    assert {gap.column for gap in into.gaps} == set(into.seen["people"].table.columns) - {"id"}
    assert any("guessed" in note and "id = 'Personalnummer'" in note for note in into.notes)
    assert any("'Lieblingsfarbe'" in note for note in into.notes)


def test_a_saved_mapping_wins_over_guessing(collected: Collect, tmp_path: Path) -> None:
    content = "No,Mail,Private\n7,a@example.org,b@example.org\n"
    assert rows(collected(content, mapping='{"id": "No", "mail": "Private"}')) == [{"id": "7", "mail": "b@example.org"}]
    (tmp_path / "list.csv.mapping.toml").write_text('[columns]\nid = "No"\nmail = "Mail"\n')
    assert rows(collected(content)) == [{"id": "7", "mail": "a@example.org"}]


@pytest.mark.parametrize(
    ("header", "mapping", "says"),
    [
        ("id,Mail,mail", "", "'mail' stands twice"),
        ("id,E-Mail,Email Address", "", "'E-Mail' and 'Email Address' could both be people.mail"),
        ("Foo,Bar", "", "no column of the list is people.id"),
        ("id,name", '{"id": "Nummer"}', "reads id from 'Nummer'"),
        ("id,name", '{"salary": "name"}', "the mapping names 'salary'"),
        ("id,name", '{"id": 3}', "must give a header"),
        ("id,name", "{", "is not JSON"),
    ],
)
def test_a_header_that_cannot_be_read_in_one_way_is_refused_by_name(collected: Collect, header: str, mapping: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as raised:
        collected(f"{header}\n1,2,3\n", mapping=mapping)
    assert raised.value.permanent


def test_wrong_lines_are_named_and_cut_the_table_short(collected: Collect) -> None:
    into = collected("id,name,started_on\n1,Ada,2026-01-01\n,Bob,2026-01-01\n3,Cem,soon\n4,Dee\n5,Eve,2026-01-01,x\n\n6,Fay,\n")
    assert [row["id"] for row in rows(into)] == ["1", "6"]
    assert short(into) == [
        "line 3: id is missing (the number that HR knows the person by)",
        "line 4: column 'started_on': 'soon' is not a day such as 2026-05-03 or 03.05.2026",
        "line 5: has 2 cells where the header has 3",
        "line 6: has 4 cells where the header has 3",
    ]
    assert into.coverage is Coverage.PARTIAL


def test_line_numbers_survive_line_breaks_inside_cells(collected: Collect) -> None:
    into = collected('id,name,started_on\n1,"Ada\nByron",2026-01-01\n2,Bob,soon\n')
    assert rows(into)[0]["name"] == "Ada\nByron"
    assert short(into)[0].startswith("line 4:")


def test_an_open_quote_cuts_short_what_follows(collected: Collect) -> None:
    into = collected('id,name\n1,Ada\n2,"Bob\n3,Cem\n')
    assert [row["id"] for row in rows(into)] == ["1"]
    assert "the last line read is 2" in short(into)[0]


def test_formulas_in_a_csv_stay_text(collected: Collect) -> None:
    into = collected('id,name\n1,"=HYPERLINK(""http://x"")"\n2,@SUM(A1)\n')
    assert [row["name"] for row in rows(into)] == ['=HYPERLINK("http://x")', "@SUM(A1)"]
    assert any("2 cells begin like a formula" in note for note in into.notes)


def test_control_characters_and_a_megabyte_in_a_cell_are_kept_but_nul_is_not(collected: Collect) -> None:
    into = collected(f"id,name,department\n1,a\x00b\x1b[31m,{'x' * 1_000_000}\n")
    assert rows(into) == [{"id": "1", "name": "a\ufffdb\x1b[31m", "department": "x" * 1_000_000}]
    assert "people.name held NUL characters in 1 line; they show as \ufffd" in into.notes


def test_two_different_rows_under_one_key_are_not_guessed_between(collected: Collect) -> None:
    into = collected("id,name\n1,Ada\n1,Bob\n2,Cem\n2,Cem\n")
    assert [row["name"] for row in rows(into)] == ["Ada", "Cem"]
    assert len(short(into)) == 1


def test_a_header_alone_says_that_there_is_nobody_but_an_empty_file_says_nothing(collected: Collect) -> None:
    into = collected("id,name\n")
    assert (rows(into), into.coverage) == ([], Coverage.COMPLETE)
    for nothing in ("", "\n\n", " \n"):
        with pytest.raises(SourceError, match=r"header|no column"):
            collected(nothing)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.csv: No such file"):
        PEOPLE.connect(complete(PEOPLE, {"file": str(tmp_path / "gone.csv")})).test()


def test_any_table_can_be_a_list(collected: Collect) -> None:
    into = collected(
        "Seriennummer;Zugewiesen an;Verschlüsselt;Bildschirmsperre;Zuletzt gesehen;In Betrieb\n"
        "C02;1001;ja;10 Minuten;2026-05-01 08:00;ja\nC03;;nein;PT1H30M;2026-05-02T10:00:00+02:00;wahr\n",
        table="devices",
        zone="Europe/Berlin",
    )
    assert rows(into, "devices") == [
        {
            "id": "C02", "owner_id": "1001", "encrypted": True, "locks_after": timedelta(minutes=10),
            "last_seen_at": datetime(2026, 5, 1, 6, tzinfo=UTC), "in_use": True,
        },
        {
            "id": "C03", "encrypted": False, "locks_after": timedelta(minutes=90),
            "last_seen_at": datetime(2026, 5, 2, 8, tzinfo=UTC), "in_use": True,
        },
    ]  # fmt: skip


def test_a_table_without_contract_is_refused() -> None:
    with pytest.raises(Misconfigured, match="there is no table 'salaries'"):
        LIST.connect(complete(LIST, {"file": "x.csv", "table": "salaries"}))


def workbook(path: Path, *lines: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path.read_bytes()


def test_a_workbook_is_read_with_its_types(collected: Collect, tmp_path: Path) -> None:
    content = workbook(
        tmp_path / "made.xlsx",
        ["Personalnummer", "Name", "Eintritt"],
        [1001, "Ada", datetime(2020, 2, 1)],
        [None, None, None],
        [1002.0, "Bob", "01.03.2021"],
    )
    assert rows(collected(content, name="hr.xlsx")) == [
        {"id": "1001", "name": "Ada", "started_on": date(2020, 2, 1)},
        {"id": "1002", "name": "Bob", "started_on": date(2021, 3, 1)},
    ]


def test_a_formula_without_a_saved_result_is_a_wrong_line(collected: Collect, tmp_path: Path) -> None:
    into = collected(workbook(tmp_path / "made.xlsx", ["id", "name"], ["1", "=A1"], ["2", "Bob"]), name="hr.xlsx")
    assert [row["id"] for row in rows(into)] == ["2"]
    assert short(into) == ["line 2: cell 2 is a formula without a saved result: open the list and save it"]


def test_an_old_workbook_says_what_to_do(collected: Collect) -> None:
    with pytest.raises(SourceError, match="save it as"):
        collected(b"\xd0\xcf\x11\xe0" + b"\0" * 600, name="hr.xls")


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"PK\x03\x04"])
def test_what_only_looks_like_a_workbook_is_refused(collected: Collect, content: bytes) -> None:
    with pytest.raises(SourceError, match="no workbook"):
        collected(content, name="hr.xlsx")


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("14/03/2026", Kind.DATE, date(2026, 3, 14)),
        ("03/14/2026", Kind.DATE, date(2026, 3, 14)),
        ("04/04/2026", Kind.DATE, date(2026, 4, 4)),
        ("2026-02-28", Kind.DATE, date(2026, 2, 28)),
        ("1.5", Kind.REAL, 1.5),
        ("1,5", Kind.REAL, 1.5),
        ("8 hours", Kind.DURATION, timedelta(hours=8)),
        ("1 Tag und 2 Stunden", Kind.DURATION, timedelta(hours=26)),
        ("00:15:00", Kind.DURATION, timedelta(minutes=15)),
        ("Nein", Kind.BOOLEAN, False),
        ("a; b;c", Kind.LIST, ["a", "b", "c"]),
        ("-5", Kind.INTEGER, -5),
        ("  ", Kind.TEXT, None),
    ],
)
def test_values_that_mean_one_thing_are_read(text: str, kind: Kind, expected: object) -> None:
    assert value(text, kind, Habits()) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("03/04/2026", Kind.DATE), ("2026-02-30", Kind.DATE), ("3.4.26", Kind.DATE), ("1,500", Kind.REAL), ("1.000", Kind.INTEGER),
        ("8", Kind.DURATION), ("8 fortnights", Kind.DURATION), ("9999999999 weeks", Kind.DURATION), ("perhaps", Kind.BOOLEAN),
        ("yesterday", Kind.TIMESTAMP), ("٣", Kind.INTEGER),
    ],
)  # fmt: skip
def test_values_that_could_mean_two_things_are_refused(text: str, kind: Kind) -> None:
    with pytest.raises(UnreadableError):
        value(text, kind, Habits())


def test_the_order_of_day_and_month_can_be_told() -> None:
    assert value("03/04/2026", Kind.DATE, Habits(day_first=True)) == date(2026, 4, 3)
    assert value("03/04/2026", Kind.DATE, Habits(day_first=False)) == date(2026, 3, 4)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(raw)
    source = PEOPLE.connect(complete(PEOPLE, {"file": str(path)}))
    try:
        source.collect(Collecting("hr", source.tables, NOON))
    except SourceError as error:
        assert error.permanent


@given(st.text(max_size=40), st.sampled_from(list(Kind)))
def test_any_cell_is_a_value_of_its_kind_or_refused(text: str, kind: Kind) -> None:
    try:
        found = value(text, kind, Habits())
    except UnreadableError:
        return
    assert found is None or type(found) is kind.python


YEARS_AGO = (NOON - timedelta(days=900)).timestamp()


@pytest.mark.parametrize(("days", "speaks"), [(366, True), (367, False), (900, False)])
def test_a_list_that_nobody_saved_for_a_year_does_not_speak_for_today(collected: Collect, tmp_path: Path, days: int, speaks: bool) -> None:
    saved = (NOON - timedelta(days=days)).timestamp()
    into = collected(GERMAN, saved=saved)
    assert rows(into) == GERMAN_ROWS
    assert into.coverage is (Coverage.COMPLETE if speaks else Coverage.PARTIAL)
    assert ["look it through and save it again" in said for said in short(into)] == ([] if speaks else [True])


@pytest.mark.parametrize(("max_age", "coverage"), [("0", Coverage.COMPLETE), ("1000", Coverage.COMPLETE), ("30", Coverage.PARTIAL)])
def test_how_long_a_list_speaks_is_the_companys_to_say(collected: Collect, max_age: str, coverage: Coverage) -> None:
    assert collected(GERMAN, saved=YEARS_AGO, max_age=max_age).coverage is coverage


@pytest.mark.parametrize("max_age", ["a year", "-1", "1.5", "", "²"])
def test_a_max_age_that_is_no_number_of_days_is_refused(collected: Collect, max_age: str) -> None:
    with pytest.raises(Misconfigured, match="a number of days"):
        collected(GERMAN, max_age=max_age)


def test_a_line_that_tells_of_the_future_is_named(collected: Collect) -> None:
    into = collected("id,name,started_on,ended_on\n1,Ada,2020-01-01,\n2,Bo,2926-01-01,2030-12-31\n")
    assert rows(into)[1] == {"id": "2", "name": "Bo", "ended_on": date(2030, 12, 31)}
    assert "line 3: started_on lies in the future, and is not believed" in into.notes
    assert [gap.column for gap in into.gaps if gap.column == "started_on"] == ["started_on"]
