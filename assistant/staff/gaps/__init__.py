"""What no article answers yet: questions grouped by what they are about, and how they become tests."""

from assistant.staff.gaps.gaps import Gap, Gaps, Group, View
from assistant.staff.gaps.lasting import Lasting, make_lasting

__all__ = ["Gap", "Gaps", "Group", "Lasting", "View", "make_lasting"]
