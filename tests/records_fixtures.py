"""``kept``: a test that asks for it runs on both places where records are kept. ::

pytest_plugins = ("postgres_fixtures", "records_fixtures")
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from records_places import KeptIn, KeptInFile, KeptInPostgres

from assistant.records.store import Store


@pytest.fixture(params=["file", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> KeptIn:
    if request.param == "file":
        return KeptInFile(tmp_path / "var" / "records.sqlite3")
    return KeptInPostgres(request.getfixturevalue("database"))


@pytest.fixture
def store(kept: KeptIn) -> Iterator[Store]:
    with closing(kept.store()) as store:
        yield store
