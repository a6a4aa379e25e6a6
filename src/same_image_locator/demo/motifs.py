"""The sample library's views: what stands in each picture, from a lake at dusk to a poppy field."""

import math

from same_image_locator.demo.scenes import Canvas, Colour, Scene, ground, ridge, water


def lake(canvas: Canvas) -> None:
    """A calm lake under hills, with the sun low."""
    canvas.glow((0.32, 0.44), 0.5, (255, 214, 140))
    canvas.disc((0.32, 0.44), 0.035, (255, 246, 214))
    ridge(canvas, 0.47, 0.16, (112, 106, 132))
    ridge(canvas, 0.53, 0.1, (66, 72, 92))
    water(canvas, 0.6, (38, 58, 92))
    reeds(canvas, 0.98, (24, 32, 30))


def misty_hills(canvas: Canvas) -> None:
    """Hill behind hill, paler with the distance."""
    for step in range(6):
        shade = 190 - step * 30
        colour = (shade - 26, shade, max(0, shade - 4))
        ridge(canvas, 0.4 + step * 0.1, 0.17 - step * 0.01, colour, roughness=0.6)
        mist = canvas.noise(3, 3, stretch=4) - 0.55
        canvas.blend((226, 232, 234), mist * (1.0 - step / 7))
    firs(canvas, 26, 1.0, 0.32, (22, 44, 40))


def poppies(canvas: Canvas) -> None:
    """A meadow of red flowers, larger towards the eye."""
    ridge(canvas, 0.46, 0.06, (92, 124, 88))
    ground(canvas, 0.5, (54, 98, 34), (150, 172, 78))
    flowers(canvas, 0.53, 900, ((206, 34, 26), (226, 60, 36), (184, 22, 34)))


def lavender(canvas: Canvas) -> None:
    """Rows of lavender that meet at the horizon."""
    ridge(canvas, 0.42, 0.05, (104, 122, 120))
    ground(canvas, 0.46, (120, 104, 70), (164, 150, 104))
    top, eye = 0.46 * canvas.height, 0.58 * canvas.width
    for row in range(-9, 10):
        foot = canvas.width * (0.5 + row * 0.16)
        wide = canvas.width * 0.055
        shade = 100 + (row % 3) * 8
        canvas.shape(
            [(eye + row * 9, top), (foot + wide, canvas.height), (foot - wide, canvas.height)],
            (shade, 70 + row % 2 * 8, shade + 62),
        )
    flowers(canvas, 0.48, 1500, ((150, 112, 204), (112, 82, 176), (180, 150, 222)))


def snowy_peak(canvas: Canvas) -> None:
    """White mountains, range before range, over dark forest."""
    ridge(canvas, 0.4, 0.3, (206, 218, 236), roughness=1.3)
    ridge(canvas, 0.5, 0.26, (236, 241, 248), roughness=1.5)
    for step in range(3):
        shade = 190 - step * 34
        ridge(canvas, 0.6 + step * 0.05, 0.12, (shade - 16, shade, shade + 24), roughness=2.2)
    ridge(canvas, 0.8, 0.08, (58, 82, 84))
    firs(canvas, 60, 1.02, 0.24, (26, 48, 46))


def beach(canvas: Canvas) -> None:
    """Sea, surf and sand, with a parasol."""
    ground(canvas, 0.45, (46, 148, 168), (24, 92, 138))
    foam = canvas.noise(6, 5, stretch=8) - 0.62
    foam[: int(0.5 * canvas.height)] = 0
    canvas.blend((236, 246, 246), foam * 4)
    ridge(canvas, 0.76, 0.05, (240, 244, 240), roughness=0.3)
    ridge(canvas, 0.79, 0.05, (214, 190, 146), roughness=0.3)
    parasol(canvas, (0.68, 0.66), 0.15)


def parasol(canvas: Canvas, top: tuple[float, float], radius: float) -> None:
    """A striped parasol; its top and radius in shares of the height."""
    x, y, r = top[0] * canvas.width, top[1] * canvas.height, radius * canvas.height
    canvas.shape(
        [(x - 4, y), (x + 4, y), (x + 12, y + 1.5 * r), (x + 4, y + 1.5 * r)], (92, 70, 56)
    )
    stripes = ((214, 52, 46), (246, 240, 226))
    for part in range(8):
        angles = (math.pi + part * math.pi / 8, math.pi + (part + 1) * math.pi / 8)
        rim = [(x + r * math.cos(a), y + 0.5 * r + 0.7 * r * math.sin(a)) for a in angles]
        canvas.shape([(x, y - 0.25 * r), *rim], stripes[part % 2])


def city(canvas: Canvas) -> None:
    """A skyline at dusk with lit windows over a river."""
    canvas.glow((0.5, 0.62), 0.35, (255, 150, 96))
    for layer, colour in enumerate(((84, 74, 104), (54, 50, 78), (30, 30, 50))):
        for block in range(15):
            width = canvas.random.uniform(0.05, 0.1)
            left = -0.05 + block * 0.075 + layer * 0.02
            top = canvas.random.uniform(0.2, 0.5) + layer * 0.08
            tower(canvas, (left, top, left + width, 0.72), colour)
    water(canvas, 0.72, (20, 24, 48))


def tower(canvas: Canvas, box: tuple[float, float, float, float], colour: Colour) -> None:
    """A building with some of its windows lit; its box in shares."""
    left, right = box[0] * canvas.width, box[2] * canvas.width
    top, foot = box[1] * canvas.height, box[3] * canvas.height
    canvas.shape([(left, top), (right, top), (right, foot), (left, foot)], colour)
    for y in range(int(top) + 12, int(foot) - 12, 22):
        for x in range(int(left) + 8, int(right) - 12, 18):
            if canvas.random.random() < 0.3:  # noqa: PLR2004 - the share of people at home
                canvas.shape([(x, y), (x + 7, y), (x + 7, y + 11), (x, y + 11)], (255, 214, 132))


def night(canvas: Canvas) -> None:
    """The moon and stars over a ridge with a hut."""
    for _ in range(700):
        x, y = canvas.random.random(2)
        light = int(canvas.random.uniform(120, 255))
        canvas.disc((x, y * 0.7), canvas.random.uniform(0.0006, 0.0017), (light, light, light))
    canvas.glow((0.7, 0.25), 0.2, (136, 152, 190))
    canvas.disc((0.7, 0.25), 0.055, (244, 240, 220))
    ridge(canvas, 0.68, 0.16, (30, 38, 62))
    ridge(canvas, 0.8, 0.1, (14, 20, 36))
    firs(canvas, 30, 1.02, 0.2, (6, 12, 20))


def dunes(canvas: Canvas) -> None:
    """Sand in waves, lit from one side."""
    for step in range(5):
        light = (236 - step * 22, 178 - step * 22, 108 - step * 16)
        ridge(canvas, 0.52 + step * 0.11, 0.14, light, roughness=0.25)
    shade = canvas.noise(4, 5, stretch=6) - 0.6
    shade[: int(0.55 * canvas.height)] = 0
    canvas.blend((140, 84, 52), shade * 2.4)


def sailing(canvas: Canvas) -> None:
    """White sails on a blue sea."""
    ridge(canvas, 0.5, 0.04, (104, 128, 150))
    water(canvas, 0.52, (22, 84, 132))
    for y in sorted(canvas.random.uniform(0.54, 0.78, 7)):
        x = canvas.random.uniform(0.08, 0.92)
        sail(canvas, x * canvas.width, y * canvas.height, 90 + (y - 0.5) * 900)


def sail(canvas: Canvas, x: float, y: float, tall: float) -> None:
    """A boat with two sails; its foot and its height in pixels."""
    canvas.shape([(x, y - tall), (x + 0.42 * tall, y), (x, y)], (250, 250, 246))
    canvas.shape([(x - 5, y - 0.9 * tall), (x - 5, y), (x - 0.26 * tall, y)], (222, 228, 232))
    hull = [(x - 0.35 * tall, y + 4), (x + 0.48 * tall, y + 4), (x + 0.3 * tall, y + 0.13 * tall)]
    canvas.shape([*hull, (x - 0.22 * tall, y + 0.13 * tall)], (150, 44, 38))


def autumn(canvas: Canvas) -> None:
    """Round trees in autumn colours along a path."""
    ground(canvas, 0.55, (116, 92, 40), (176, 150, 74))
    middle, height = 0.5 * canvas.width, canvas.height
    far_edge = [(middle - 12, 0.55 * height), (middle + 12, 0.55 * height)]
    near_edge = [(middle + 0.3 * canvas.width, height), (middle - 0.2 * canvas.width, height)]
    canvas.shape([*far_edge, *near_edge], (196, 178, 148))
    colours = ((198, 92, 24), (222, 148, 34), (166, 48, 26), (204, 120, 30))
    for row in range(5):
        for side in (-1, 1):
            away = 0.1 + row * row * 0.028
            tree(canvas, (0.5 + side * away, 0.56 + row * 0.055), 0.08 + row * 0.045, colours)


def tree(
    canvas: Canvas, foot: tuple[float, float], size: float, colours: tuple[Colour, ...]
) -> None:
    """A leafy tree; its foot in shares, its size as a share of the height."""
    x, y = foot
    trunk = size * 0.09 * canvas.height
    px, py, top = x * canvas.width, y * canvas.height, (y - size) * canvas.height
    canvas.shape(
        [(px - trunk, py), (px - trunk / 2, top), (px + trunk / 2, top), (px + trunk, py)],
        (70, 50, 38),
    )
    for leaf in range(220):
        angle, far = canvas.random.uniform(0, 6.28), size * 0.75 * canvas.random.random() ** 0.5
        at = (x + far * math.cos(angle) * 0.75, y - size * 1.35 + far * math.sin(angle))
        light = 0.62 + 0.38 * (1 - math.sin(angle)) / 2
        red, green, blue = colours[leaf % len(colours)]
        canvas.disc(at, size * 0.09, (int(red * light), int(green * light), int(blue * light)))


def flowers(canvas: Canvas, top: float, count: int, colours: tuple[Colour, ...]) -> None:
    """Scatter blossoms over a meadow, sorted so that nearer ones cover farther ones."""
    for depth in sorted(canvas.random.random(count) ** 1.6):
        y = top + (1.02 - top) * depth
        size = 0.002 + 0.014 * depth * canvas.random.uniform(0.6, 1.2)
        x = canvas.random.random()
        colour = colours[int(canvas.random.integers(len(colours)))]
        dark = tuple(int(part * 0.72) for part in colour)
        canvas.disc((x + size * 0.3, y + size * 0.4), size, (dark[0], dark[1], dark[2]))
        canvas.disc((x, y), size * 0.9, colour)
        canvas.disc((x, y), size * 0.25, (40, 32, 36))


def firs(canvas: Canvas, count: int, foot: float, tall: float, colour: Colour) -> None:
    """A row of firs along the lower edge."""
    for x in sorted(canvas.random.random(count), key=lambda place: abs(place - 0.5)):
        size = tall * canvas.random.uniform(0.45, 1.0) * (0.5 + abs(x - 0.5)) * canvas.height
        middle, base = x * canvas.width, foot * canvas.height
        for tier in range(5):
            wide, top = size * (0.08 + 0.045 * tier), base - size * (1 - tier * 0.18)
            canvas.shape(
                [
                    (middle, top),
                    (middle + wide, top + size * 0.34),
                    (middle - wide, top + size * 0.34),
                ],
                colour,
            )


def reeds(canvas: Canvas, foot: float, colour: Colour) -> None:
    """Reeds that lean in the wind along the lower edge."""
    for _ in range(150):
        x = canvas.random.beta(0.5, 0.5) * canvas.width
        tall, lean = canvas.random.uniform(0.05, 0.2) * canvas.height, canvas.random.normal(0, 22)
        base = foot * canvas.height + 40
        canvas.shape([(x - 3, base), (x + 3, base), (x + lean, base - tall)], colour)


SCENES: dict[str, Scene] = {
    "lake": Scene(11, ((92, 112, 168), (252, 190, 132)), lake, clouds=0.5),
    "lake in the morning": Scene(12, ((120, 170, 216), (228, 232, 230)), lake, clouds=0.42),
    "hills": Scene(13, ((176, 200, 214), (240, 228, 206)), misty_hills, clouds=0.4),
    "hills, upright": Scene(14, ((150, 176, 206), (244, 214, 190)), misty_hills, portrait=True),
    "poppies": Scene(15, ((70, 136, 206), (196, 222, 238)), poppies, clouds=0.56),
    "lavender": Scene(16, ((112, 130, 196), (250, 206, 180)), lavender, clouds=0.46),
    "peak": Scene(17, ((36, 98, 182), (164, 204, 236)), snowy_peak, clouds=0.45),
    "beach": Scene(18, ((50, 140, 214), (186, 224, 240)), beach, horizon=0.45, clouds=0.5),
    "city": Scene(19, ((34, 38, 86), (238, 132, 98)), city, horizon=0.7, clouds=0.44),
    "night": Scene(20, ((8, 12, 34), (44, 58, 104)), night, horizon=0.75, clouds=0.2),
    "dunes": Scene(21, ((62, 134, 196), (232, 220, 196)), dunes, clouds=0.3),
    "sailing": Scene(22, ((84, 150, 210), (212, 230, 238)), sailing, clouds=0.58),
    "sails, upright": Scene(23, ((96, 120, 180), (250, 206, 170)), sailing, portrait=True),
    "autumn": Scene(24, ((134, 172, 206), (234, 226, 208)), autumn, clouds=0.45),
}
