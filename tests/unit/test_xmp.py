"""XMP packets: what other programs write is read, and what we write says just what it should."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from said_pictures import keywords, packet
from same_image_locator import xmp
from same_image_locator.model import Metadata

_TEXTS = st.text(max_size=30).map(xmp.clean)
_WORDS = st.lists(st.text(max_size=12), max_size=4).map(xmp.words)
_PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda at: abs(at[0]) > 1e-3)
_MOMENTS = st.datetimes().map(lambda moment: f"{moment:%H:%M:%S}").map("2019-05-03T{}".format)

_IN_TWO_LANGUAGES = (
    '<dc:description><rdf:Alt><rdf:li xml:lang="de">See</rdf:li>'
    '<rdf:li xml:lang="x-default">Lake</rdf:li></rdf:Alt></dc:description>'
)


@settings(max_examples=40)
@given(
    st.builds(
        Metadata,
        st.none() | _MOMENTS,
        st.none() | _PLACES,
        st.none() | st.integers(1, 5),
        _WORDS,
        _TEXTS,
    )
)
def test_a_sidecar_says_what_it_was_made_of(said: Metadata) -> None:
    text = xmp.sidecar(said, "0123")
    found = xmp.read(text.encode())
    assert found._replace(place=None) == said._replace(place=None)
    assert (found.place is None) == (said.place is None)
    for one, other in zip(found.place or (), said.place or (), strict=True):
        assert abs(one - other) < 2e-6


def test_a_sidecar_is_valid_xmp_in_the_terms_that_photo_programs_share() -> None:
    said = Metadata(
        "2019-05-03T14:02:11", (48.2, -16.5), 4, ("lake", "Bööt & <sail>"), "Two\nlines"
    )
    text = xmp.sidecar(said, "7e57")
    root = ET.fromstring(text.encode())
    assert root.tag == "{adobe:ns:meta/}xmpmeta"
    rdf = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    [about] = root.findall(f"{rdf}RDF/{rdf}Description")
    assert about.attrib == {f"{rdf}about": ""}
    plain = re.sub(r"\s+", " ", text)
    for piece in (
        "<xmpMM:InstanceID>uuid:7e57</xmpMM:InstanceID>",
        "<exif:DateTimeOriginal>2019-05-03T14:02:11</exif:DateTimeOriginal>",
        "<photoshop:DateCreated>2019-05-03T14:02:11</photoshop:DateCreated>",
        "<exif:GPSLatitude>48,12.00000N</exif:GPSLatitude>",
        "<exif:GPSLongitude>16,30.00000W</exif:GPSLongitude>",
        "<xmp:Rating>4</xmp:Rating>",
        "<dc:subject> <rdf:Bag> <rdf:li>lake</rdf:li> <rdf:li>Bööt &amp; &lt;sail&gt;</rdf:li>",
        '<dc:description> <rdf:Alt> <rdf:li xml:lang="x-default">Two lines</rdf:li> </rdf:Alt>',
    ):
        assert piece in plain
    assert xmp.sidecar(Metadata(rating=1), "1").count(":Rating>") == 2
    assert "exif:" not in xmp.sidecar(Metadata(rating=1), "1")


@pytest.mark.parametrize(
    ("inside", "attributes", "said"),
    [
        ("", 'xmp:Rating="3"', Metadata(rating=3)),
        ("<xmp:Rating>-1</xmp:Rating>", "", Metadata(rating=-1)),
        ("<xmp:Rating>0</xmp:Rating>", "", Metadata()),
        ("<xmp:Rating>many</xmp:Rating>", "", Metadata()),
        ("<xmp:Rating>99</xmp:Rating>", "", Metadata()),
        ("", 'exif:DateTimeOriginal="2019-05-03T14:02:11.35+02:00"',
         Metadata("2019-05-03T14:02:11.35+02:00")),
        ("", 'photoshop:DateCreated="2019-05-03"', Metadata("2019-05-03")),
        ("", 'photoshop:DateCreated="2019-05"', Metadata()),
        ("", 'photoshop:DateCreated="20190503"', Metadata()),
        ("", 'exif:GPSLatitude="48,12,36N" exif:GPSLongitude="16,30.0W"',
         Metadata(place=(48.21, -16.5))),
        ("", 'exif:GPSLatitude="48,12,36N"', Metadata()),
        ("", 'exif:GPSLatitude="98,0.0N" exif:GPSLongitude="16,30.0W"', Metadata()),
        ("", 'exif:GPSLatitude="0,0.0N" exif:GPSLongitude="0,0.0E"', Metadata()),
        (keywords(" lake ", "lake", ""), "", Metadata(keywords=("lake",))),
        (_IN_TWO_LANGUAGES, "", Metadata(caption="Lake")),
        ("<dc:description> Plain </dc:description>", "", Metadata(caption="Plain")),
    ],
)  # fmt: skip
def test_what_other_programs_write_is_understood(
    inside: str, attributes: str, said: Metadata
) -> None:
    assert xmp.read(packet(inside, attributes)) == said


def test_broken_and_hostile_packets_say_nothing() -> None:
    rated = packet("", 'xmp:Rating="3"')
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for data in (b"", b"\xff\xfe", rated[:300], bomb + rated, b" " * xmp.LONGEST + rated):
        assert xmp.read(data) == Metadata()
    assert xmp.read(b"\xef\xbb\xbf" + rated + b"\0\0").rating == 3
