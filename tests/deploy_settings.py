"""The settings of PostgreSQL that are shipped, as a test's own server takes them."""

from proxies import DEPLOY


def shipped_settings() -> dict[str, str]:
    lines = (DEPLOY / "postgresql.conf").read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'") for name, value in pairs}
