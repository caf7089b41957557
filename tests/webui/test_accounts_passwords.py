"""What a password must be, and how it is kept."""

import pytest

from tests.support.office import PASSWORD
from webui.accounts import passwords

GOOD = "một cụm từ đủ dài 9"


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123456",
        "Mật Khẩu 2026",
        "Password!2026",
        "123456789012",
        "qwertyuiop12",
        "rasoatrasoat",
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    assert passwords.problems(password) == [passwords.COMMON]


def test_a_password_of_one_character_repeated_is_refused() -> None:
    assert passwords.problems("a" * 20) == [passwords.MONOTONE]


def test_the_name_with_or_without_diacritics_is_no_password() -> None:
    assert passwords.problems("nguyen minh kiem", "x@office.example", "Nguyễn Minh Kiểm")
    assert passwords.problems("Nguyễn Minh Kiểm", "x@office.example", "Nguyễn Minh Kiểm")


def test_ordinary_long_passwords_are_accepted() -> None:
    for password in (PASSWORD, GOOD, passwords.make_up(), "correct horse battery staple"):
        assert list(passwords.problems(password, "x@office.example", "Nguyễn Minh Kiểm")) == []


def test_what_is_stored_is_an_argon2id_hash_that_differs_each_time() -> None:
    first, second = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert GOOD not in first


def test_made_up_passwords_differ_and_hold_nothing_that_is_misread() -> None:
    made = {passwords.make_up() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0O1lIi")
