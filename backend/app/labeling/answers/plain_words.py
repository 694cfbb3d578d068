"""Words that a sentence of a guide may use although they stand nowhere on the page."""

from app.labeling.answers.folding import stem
from app.labeling.style import VERBS

_SMALL = """
a about after again all already an and any are as at back be been before below beside between both but by can
current each either empty entire every existing few first following for from further has have how if in inside into
is it its itself just last later left less more most near new next no not now of off on once one only open or other
others out over own previous right same second selected several so some such than that the their them then there
these they third this those three through time times to together two under until up using want what when where whether
which while who whole whose will with within without you your yours above top bottom middle upper lower corner side
start end beginning blank default different full correct desired required optional available named called
"""
_CONTROLS = """
account accounts action actions address amount answer app area arrow bar banner blank box button buttons calendar card
category cell change changes character characters chart checkbox choice code column columns comment content contents
copy count country cursor dashboard data date day description detail details dialog digit display document dropdown
edit editor element email entry error event field fields file files filter filters folder form format group header
heading home icon image info information input item items key keyboard label language letter level line link list
location login logo mark menu message method minute mode month name navigation note notes notification number numbers
option options order page pages panel paragraph parameter part password payment permission phone picker picture plan
popup position post preview price product profile project question quantity radio range record records reply report
request requested response result results role row rows scroll search section selection session setting settings
sheet sidebar site size slider sort spinner status step street subject suggestion summary switch symbol tab table
tabs task tasks text tile title toggle toolbar total tree type update upload user username users value values version
view website week window word words workflow workspace year zip
"""
_SIGHTS = """
black blue bright brown colored coloured dark gray green grey light orange pink purple red white yellow
circle dot rectangle round shape square triangle large larger small smaller tiny wide
bell camera cart cross envelope eye gear heart house lock magnifying glass paper pen pencil plus minus star trash
"""
_FORMS = """
sign signed signing log logged logging ctrl shift alt enter esc escape tab space down arrow cmd press typed copied
chosen entered shown saved
"""

PLAIN = frozenset(
    stem(word) for word in (*_SMALL.split(), *_CONTROLS.split(), *_SIGHTS.split(), *_FORMS.split(), *VERBS)
) | frozenset(part for verb in VERBS if "-" in verb for part in map(stem, verb.split("-")))
"""Folded, without endings."""
