"""What lies in the sample library: which picture is where, and what each copy is a copy of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["identical", "re-encoded", "half size", "brighter", "sideways"]


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as its camera wrote it; ``path`` is relative to the library, with slashes."""

    path: str
    scene: str
    taken: str
    camera: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that shows the picture of ``original`` (a path); only "identical" has its bytes."""

    path: str
    original: str
    kind: Kind


_COMPACT = ("Canon", "PowerShot SX720 HS")
_PHONE = ("Google", "Pixel 6")
_MIRRORLESS = ("FUJIFILM", "X-T30")

ORIGINALS = (
    Original("2019 Lake/IMG_0412.jpg", "lake", "2019:07:14 20:41:07", _COMPACT),
    Original("2019 Lake/IMG_0419.jpg", "lake in the morning", "2019:07:15 06:12:50", _COMPACT),
    Original("2019 Lake/IMG_0431.jpg", "sailing", "2019:07:15 11:30:22", _COMPACT),
    Original("2019 Lake/IMG_0433.jpg", "sails, upright", "2019:07:15 19:55:01", _COMPACT),
    Original("2020 Desert/DSCF1180.jpg", "dunes", "2020:02:22 17:04:39", _MIRRORLESS),
    Original("2021 Provence/DSCF2207.jpg", "poppies", "2021:05:29 10:18:44", _MIRRORLESS),
    Original("2021 Provence/DSCF2251.jpg", "lavender", "2021:06:30 20:47:13", _MIRRORLESS),
    Original("2021 Provence/DSCF2302.jpg", "beach", "2021:07:02 14:26:31", _MIRRORLESS),
    Original("2022 Mountains/PXL_20220911_071502.jpg", "hills", "2022:09:11 07:15:02", _PHONE),
    Original(
        "2022 Mountains/PXL_20220911_072210.jpg", "hills, upright", "2022:09:11 07:22:10", _PHONE
    ),
    Original("2022 Mountains/PXL_20220912_101844.jpg", "peak", "2022:09:12 10:18:44", _PHONE),
    Original("2022 Mountains/PXL_20220912_223015.jpg", "night", "2022:09:12 22:30:15", _PHONE),
    Original("2022 Mountains/PXL_20221016_153349.jpg", "autumn", "2022:10:16 15:33:49", _PHONE),
    Original("2023 City/PXL_20230318_190512.jpg", "city", "2023:03:18 19:05:12", _PHONE),
)

_LAKE, _MORNING, _SAILING, _SAILS, _, _POPPIES, _LAVENDER, _BEACH = (
    original.path for original in ORIGINALS[:8]
)
_HILLS, _, _PEAK, _NIGHT, _AUTUMN, _CITY = (original.path for original in ORIGINALS[8:])

COPIES = (
    Copy("Phone backup/DCIM/IMG_0412.jpg", _LAKE, "identical"),
    Copy("Phone backup/DCIM/IMG_0419.jpg", _MORNING, "identical"),
    Copy("Phone backup/DCIM/IMG_0431 (1).jpg", _SAILING, "identical"),
    Copy("Phone backup/DCIM/PXL_20220911_071502.jpg", _HILLS, "identical"),
    Copy("Phone backup/DCIM/PXL_20220912_101844.jpg", _PEAK, "identical"),
    Copy("Phone backup/DCIM/PXL_20221016_153349.jpg", _AUTUMN, "identical"),
    Copy("Phone backup/DCIM/PXL_20230318_190512.jpg", _CITY, "identical"),
    Copy("Phone backup/DCIM/PXL_20230318_190512~2.jpg", _CITY, "brighter"),
    Copy("To sort/IMG_0412 copy.jpg", _LAKE, "identical"),
    Copy("To sort/best of Provence.jpg", _LAVENDER, "identical"),
    Copy("To sort/wallpaper.jpg", _PEAK, "identical"),
    Copy("To sort/scan 07.jpg", _SAILS, "sideways"),
    Copy("To sort/scan 08.jpg", _BEACH, "sideways"),
    Copy("To sort/scan 09.jpg", _HILLS, "sideways"),
    Copy("Sent by Anna/IMG-20190716-WA0001.jpg", _LAKE, "half size"),
    Copy("Sent by Anna/IMG-20190716-WA0002.jpg", _SAILING, "half size"),
    Copy("Sent by Anna/IMG-20190716-WA0003.jpg", _SAILS, "re-encoded"),
    Copy("Sent by Anna/IMG-20210703-WA0004.jpg", _POPPIES, "half size"),
    Copy("Sent by Anna/IMG-20210703-WA0005.jpg", _BEACH, "re-encoded"),
    Copy("Sent by Anna/IMG-20220913-WA0001.jpg", _NIGHT, "re-encoded"),
    Copy("Sent by Anna/IMG-20221017-WA0007.jpg", _AUTUMN, "half size"),
    Copy("Edited/IMG_0412 bright.jpg", _LAKE, "brighter"),
    Copy("Edited/DSCF2207 bright.jpg", _POPPIES, "brighter"),
    Copy("Edited/DSCF2251 small.jpg", _LAVENDER, "half size"),
    Copy("Edited/autumn for print.jpg", _AUTUMN, "re-encoded"),
    Copy("Edited/night sky.jpg", _NIGHT, "brighter"),
)
