"""The answers of the script are taken apart without trusting what is in them."""

from hypothesis import given
from hypothesis import strategies as st

from upheld.sources.host.answers import Section, parse, printable

WHOLE = b"=version\n 1\n \n =0\n\n=end\n done\n \n =0\n\n"


def test_a_section_is_its_text_and_its_status() -> None:
    found = parse(WHOLE)
    assert found.of("version") == Section("1\n", 0)
    assert found.ended


def test_content_cannot_pretend_to_be_a_section_or_a_status() -> None:
    found = parse(b"=file /etc/motd\n =shadow\n =0\n =whoami\n \n =43\n\n" + WHOLE)
    assert found.file("/etc/motd") == Section("=shadow\n=0\n=whoami\n", 43)
    assert set(found.sections) == {"file /etc/motd", "version", "end"}


def test_what_was_lost_at_the_end_is_cut_off_not_absent() -> None:
    found = parse(b"=version\n 1\n \n =0\n\n=dpkg\n ii \tbase")
    assert found.of("dpkg").status is None
    assert found.of("setuid /").why == "the answer was cut off"
    assert parse(WHOLE).of("setuid /").why == "it is not there"


def test_bytes_that_are_no_text_stay_visible() -> None:
    assert parse(b"=a\n \xff\n \n =0\n").of("a").text == "\\xff\n"
    assert printable("a\x1b[2Jb\n") == "a\\x1b[2Jb\\n"


@given(st.binary(max_size=300))
def test_no_answer_makes_it_fail(answer: bytes) -> None:
    for section in parse(answer).sections.values():
        assert section.why
