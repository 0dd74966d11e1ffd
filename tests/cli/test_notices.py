"""`upheld notices`, as a process: what waits is listed, tried and given up in words."""


def test_a_test_without_a_mail_server_says_what_to_write_and_is_listed(upheld):
    answer = upheld("notices", "test", "ada@sample.example")
    assert answer.returncode == 1 and "mail.toml" in answer.stdout
    (waiting,) = upheld.json("notices", "list")
    assert (waiting["to"], waiting["attempts"], waiting["given_up_at"]) == ("ada@sample.example", 1, None)
    assert upheld("notices", "retry", waiting["id"]).returncode == 2
    assert upheld("notices", "webhook", "add", "siem", "https://example.org/x").returncode == 2
    assert upheld.json("notices", "webhook", "list") == []
