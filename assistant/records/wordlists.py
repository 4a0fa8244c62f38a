"""The names of people, streets and places that come with deduce, in lower case, and what these lack."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# Names wherever they stand, though a dictionary or a list of medical terms has them.
_SURE_NAMES = """
aafje aagje aaltje aartje abraham albert alexander astrid augustijn axel baartje benjamin bob bobby boudewijn bram
charles clarisse cor curtis daan daantje darren demi dolf dolly donna doortje douwe dries dylan elger ellen els elsje
elvin emir erica erik erika eva evertje ferry fokje fokke foppe frank frans fransje geert geertje gerit gilles gloria
grietje hannes hans hein heintje hendrik henry herwin hugh ida ilias inga iris jaap jaapje jack jan janet janke jantje
jasmijn joel johannes joke jonas joop justine kaatje karel karin karst karsten kim klaas klaske koen koert koos kris
kristen kwinten lammert leentje leopold liesje lieven lionne maarten maartje maren margriet margrietje marien mark
marlijn mattie maxime maya meerten mieke miep mimi mohammed noortje oscar peter petertje piet pietje quint quinten
rachel rieke riekje rik rob robbert robert rombout rosmarijn rowan rozemarijn sanny sjerp sjoeke spencer steven sydney
tjerk tommy toontje torsten vicky wiep willem wilson wim wout
"""
# No names, though they are in the lists and in no Dutch dictionary: slips of the pen, dialect, English.
_NO_NAMES = """
aant bene benne bin bras can day elle hande hee iet just kerst mar mense mien my nam nie pepe signe take will you zen
zenne
"""
# Places wherever they stand, though a dictionary has them, and the larger ones of Flanders, which deduce does not have.
_SURE_PLACES = """
aalst aarschot antwerpen beringen beveren bilzen blankenberge bornem brasschaat brugge brussel deinze delft
dendermonde diest drachten eeklo genk gent geraardsbergen grimbergen harelbeke hasselt heist-op-den-berg herentals
ieper izegem kapellen knokke-heist kontich kortrijk leuven limburg lokeren lommel maasmechelen mechelen mortsel
nieuwpoort ninove oostende oudenaarde puurs roeselare ronse schoten sint-niklaas sint-truiden steenbergen tongeren
torhout turnhout veurne vilvoorde waregem westerlo wetteren wevelgem willebroek zaventem zeeland zwolle
"""
_NO_PLACES = "hee heure neck voort"


@dataclass(frozen=True, slots=True)
class Wordlists:
    """``ordinary`` are common words and medical terms: one of these is a name only where a name must stand."""

    first_names: frozenset[str]
    surnames: frozenset[str]
    sure_names: frozenset[str]
    no_names: frozenset[str]
    interfixes: frozenset[str]
    ordinary: frozenset[str]
    places: frozenset[str]
    sure_places: frozenset[str]
    streets: frozenset[str]

    @classmethod
    def read(cls, folder: Path) -> "Wordlists":
        """``folder`` is ``deduce_lists()``."""
        names, places, whitelist = folder / "names", folder / "locations" / "lst_placename", folder / "whitelist"
        sure_names, sure_places = frozenset(_SURE_NAMES.split()), frozenset(_SURE_PLACES.split())
        ordinary = _lines(*(whitelist / f"lst_{each}" for each in ("common_word", "stop_word", "medical_term")))
        return cls(
            first_names=_lines(names / "lst_first_name") | sure_names,
            surnames=_lines(names / "lst_surname", names / "lst_interfix_surname"),
            sure_names=sure_names,
            no_names=frozenset(_NO_NAMES.split()),
            interfixes=_lines(names / "lst_interfix") - {"te"},  # "de dokter te bellen"
            ordinary=ordinary - sure_names,
            places=_lines(*(each for each in places.iterdir() if each.is_dir())) - frozenset(_NO_PLACES.split()),
            sure_places=sure_places,
            streets=_lines(folder / "locations" / "lst_street"),
        )


def deduce_lists() -> Path | None:
    """Where the installed deduce has its lists; None when it is not installed. Imports nothing."""
    found = find_spec("deduce")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "data" / "lookup" / "src"


def _lines(*folders: Path) -> frozenset[str]:
    return frozenset(
        line.strip().casefold() for each in folders for line in (each / "items.txt").read_text("utf-8").splitlines()
    )
