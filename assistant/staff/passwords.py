"""The password of the console: made into a hash (argon2id), and known again by it."""

import unicodedata
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.staff import texts

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 500


class PasswordError(AssistantError):
    """Base; ``str(error)`` is Dutch."""


class PasswordUnfitError(PasswordError):
    """Too short or too long to be the password."""

    def __init__(self) -> None:
        super().__init__(texts.PASSWORD_UNFIT.format(shortest=SHORTEST, longest=LONGEST))


class PasswordsDifferError(PasswordError):
    """The second time something else was typed."""

    def __init__(self) -> None:
        super().__init__(texts.PASSWORDS_DIFFER)


class HashUnusableError(PasswordError):
    """What is set is no hash of argon2."""

    def __init__(self) -> None:
        super().__init__(texts.PASSWORD_HASH_UNUSABLE)


class StaffPackageError(PasswordError):
    """The package that knows argon2 is not installed."""

    def __init__(self) -> None:
        super().__init__(texts.STAFF_PACKAGE_MISSING)


def hash_password(password: str) -> str:
    """For ``RUGPIJN_STAFF_PASSWORD_HASH``. Raises ``PasswordUnfitError`` and ``StaffPackageError``."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordUnfitError
    return _hasher().hash(_encoded(password))


class Password:
    """Knows the password again; each attempt costs some 40 ms and 64 MB, and tells nothing by the time it takes."""

    def __init__(self, hashed: str) -> None:
        """Raises ``HashUnusableError`` and ``StaffPackageError``."""
        self._hasher = _hasher()
        self._hashed = hashed
        from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

        try:
            self._hasher.verify(hashed, b"")
        except VerifyMismatchError:
            return  # a sound one, of another password than none
        except (InvalidHashError, VerificationError):
            raise HashUnusableError from None
        raise HashUnusableError

    def is_right(self, password: str) -> bool:
        from argon2.exceptions import VerifyMismatchError

        if len(password) > LONGEST:
            return False
        try:
            return self._hasher.verify(self._hashed, _encoded(password))
        except VerifyMismatchError:
            return False


def _hasher() -> "PasswordHasher":
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise StaffPackageError from None
    return PasswordHasher()


def _encoded(password: str) -> bytes:
    """One spelling for each: keyboards differ in how they write "é"."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
