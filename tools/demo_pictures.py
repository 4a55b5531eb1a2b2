"""Draw the demo site's pictures and its one sound: `python tools/demo_pictures.py`.

They are ours, they are small (15 kB at most), and a seed keeps them the same from run to run.
"""

from __future__ import annotations

import math
import random
import wave
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

MEDIA = Path(__file__).parents[1] / "src/bacatui/demo/site/media"
WIDTH, HEIGHT, SCALE = 480, 270, 2
W, H = WIDTH * SCALE, HEIGHT * SCALE
Colour = tuple[int, int, int]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def sky(*stops: Colour) -> Image.Image:
    """A vertical gradient over any number of colours."""
    column = Image.new("RGB", (1, H))
    for y in range(H):
        at = y / (H - 1) * (len(stops) - 1)
        left = min(int(at), len(stops) - 2)
        column.putpixel((0, y), mix(stops[left], stops[left + 1], at - left))
    return column.resize((W, H))


def ridge(
    draw: ImageDraw.ImageDraw, chance: random.Random, base: float, height: float, colour: Colour
) -> None:
    """A line of hills made of a few waves, filled to the bottom."""
    waves = [(chance.uniform(1, 5), chance.uniform(0, 7), chance.uniform(0.2, 1)) for _ in range(4)]
    total = sum(weight for _, _, weight in waves)
    points = [
        (
            x,
            H * base
            - H * height * sum(w * math.sin(f * x / W * math.tau + p) for f, p, w in waves) / total,
        )
        for x in range(0, W + 8, 8)
    ]
    draw.polygon([(0, H), *points, (W, H)], fill=colour)


def glow(
    image: Image.Image, x: float, y: float, radius: float, colour: Colour, strength: int = 150
) -> None:
    """Light around a point."""
    mask = Image.new("L", (W, H))
    ImageDraw.Draw(mask).ellipse((x - radius, y - radius, x + radius, y + radius), fill=strength)
    image.paste(
        Image.new("RGB", (W, H), colour), mask=mask.filter(ImageFilter.GaussianBlur(radius / 2))
    )


def ripples(
    draw: ImageDraw.ImageDraw, chance: random.Random, top: float, colours: list[Colour], count: int
) -> None:
    """Flat strokes on water, longer towards the viewer."""
    for _ in range(count):
        depth = chance.random() ** 1.5
        y, half = H * top + depth * H * (1 - top), 10 + depth * 90
        x = chance.uniform(0, W)
        draw.line(
            (x - half, y, x + half, y), fill=chance.choice(colours), width=round(1 + depth * 4)
        )


def boat(
    draw: ImageDraw.ImageDraw, x: float, y: float, size: float, hull: Colour, cover: Colour
) -> None:
    """A wooden boat with a mast and a round cover."""
    draw.line((x, y, x, y - size * 1.5), fill=hull, width=max(2, round(size / 18)))
    draw.line((x, y - size * 1.5, x + size * 0.7, y - size * 0.1), fill=hull, width=2)
    draw.pieslice(
        (x - size * 0.5, y - size * 0.42, x + size * 0.5, y + size * 0.3), 180, 360, fill=cover
    )
    draw.polygon([(x - size, y - size * 0.18), (x + size * 1.1, y - size * 0.25), (x + size * 0.75, y + size * 0.2),
                  (x - size * 0.7, y + size * 0.2)], fill=hull)  # fmt: skip


def harbour(chance: random.Random) -> Image.Image:
    image = sky(
        (38, 44, 84), (120, 84, 120), (238, 150, 110), (252, 214, 150), (94, 92, 120), (30, 40, 70)
    )
    glow(image, W * 0.62, H * 0.47, 170, (255, 226, 160), 210)
    draw = ImageDraw.Draw(image)
    draw.ellipse((W * 0.62 - 34, H * 0.45 - 34, W * 0.62 + 34, H * 0.45 + 34), fill=(255, 240, 200))
    ridge(draw, chance, 0.53, 0.06, (66, 60, 96))
    water = sky((224, 150, 120), (120, 96, 124), (52, 58, 92), (26, 34, 62)).crop((0, 0, W, H // 2))
    image.paste(water, (0, H // 2))
    ripples(
        draw, chance, 0.51, [(255, 214, 150), (190, 130, 130), (40, 48, 84), (70, 70, 110)], 260
    )
    for x, y, size in ((0.2, 0.62, 46), (0.42, 0.58, 32), (0.8, 0.66, 60), (0.3, 0.82, 96)):
        boat(draw, W * x, H * y, size, (24, 24, 44), (58, 50, 78))
    return image


def market(chance: random.Random) -> Image.Image:
    image = sky((120, 170, 176), (196, 214, 190), (92, 140, 128), (48, 96, 96))
    draw = ImageDraw.Draw(image)
    ridge(draw, chance, 0.3, 0.05, (74, 128, 104))
    ripples(draw, chance, 0.36, [(150, 190, 170), (70, 120, 112), (40, 84, 84)], 200)
    colours = [
        (226, 76, 66),
        (244, 176, 60),
        (238, 238, 214),
        (60, 120, 180),
        (206, 90, 140),
        (120, 170, 70),
    ]
    for row in range(4):
        for place in range(7 - row):
            size, y = 34 + row * 24, H * (0.44 + row * 0.16)
            x = W * (place + 0.5 + (row % 2) * 0.4) / (7 - row) + chance.uniform(-16, 16)
            draw.polygon([(x - size * 1.3, y), (x + size * 1.3, y - 3), (x + size * 0.9, y + size * 0.34),
                          (x - size * 0.9, y + size * 0.34)], fill=(84, 56, 40))  # fmt: skip
            colour = colours[(row * 3 + place * 2) % len(colours)]
            draw.line((x, y, x, y - size), fill=(60, 44, 36), width=3)
            for part in range(6):
                shade = mix(colour, (255, 255, 255), 0.22) if part % 2 else colour
                box = (x - size, y - size * 1.5, x + size, y - size * 0.3)
                draw.pieslice(box, 180 + part * 30, 210 + part * 30, fill=shade)
    return image


def reef(chance: random.Random) -> Image.Image:
    image = sky((206, 244, 232), (96, 206, 200), (30, 140, 160), (10, 76, 110))
    for _ in range(9):
        x = chance.uniform(0, W)
        ray = Image.new("L", (W, H))
        ImageDraw.Draw(ray).polygon([(x, 0), (x + 40, 0), (x - 40, H), (x - 160, H)], fill=46)
        image.paste(
            Image.new("RGB", (W, H), (230, 255, 246)), mask=ray.filter(ImageFilter.GaussianBlur(14))
        )
    draw = ImageDraw.Draw(image)
    for _ in range(34):
        x, size = chance.uniform(0, W), chance.uniform(20, 70)
        colour = chance.choice(
            [(214, 110, 110), (232, 160, 96), (150, 96, 150), (220, 190, 130), (90, 120, 120)]
        )
        for branch in range(5):
            top = x + (branch - 2) * size * 0.5
            draw.line(
                (x, H, top, H - size * chance.uniform(0.9, 1.6)),
                fill=mix(colour, (16, 80, 110), 0.35),
                width=12,
            )
    for _ in range(46):
        x, y, size = chance.uniform(0, W), chance.gauss(H * 0.42, H * 0.13), chance.uniform(7, 16)
        colour = chance.choice([(250, 210, 80), (250, 236, 190), (240, 120, 70)])
        draw.ellipse((x - size, y - size / 2, x + size, y + size / 2), fill=colour)
        draw.polygon(
            [(x + size * 0.8, y), (x + size * 1.7, y - size / 2), (x + size * 1.7, y + size / 2)],
            fill=colour,
        )
    return image


def paddy(chance: random.Random) -> Image.Image:
    image = sky((150, 196, 220), (226, 232, 214), (200, 214, 170), (90, 140, 70))
    draw = ImageDraw.Draw(image)
    ridge(draw, chance, 0.36, 0.12, (134, 168, 166))
    ridge(draw, chance, 0.44, 0.07, (86, 134, 112))
    for step in range(13):
        y = H * (0.47 + step * 0.045)
        waves = [
            (x, y + 12 * math.sin(x / W * 5 + step * 0.7) + 5 * math.sin(x / W * 13 + step))
            for x in range(0, W + 8, 8)
        ]
        green = mix(
            (176, 200, 92), (58, 118, 50), step / 12 + chance.uniform(-0.08, 0.08) * (0 < step < 12)
        )
        draw.polygon([(0, H), *waves, (W, H)], fill=green)
        draw.line(waves, fill=mix(green, (232, 240, 190), 0.5), width=3)
    draw.polygon(
        [(W * 0.49, H * 0.47), (W * 0.51, H * 0.47), (W * 0.62, H), (W * 0.44, H)],
        fill=(186, 158, 110),
    )
    return image


def volcano(chance: random.Random) -> Image.Image:
    image = sky((74, 110, 160), (166, 186, 208), (240, 214, 190), (224, 180, 150))
    draw = ImageDraw.Draw(image)
    draw.polygon([(W * 0.1, H * 0.82), (W * 0.43, H * 0.2), (W * 0.47, H * 0.235), (W * 0.53, H * 0.2), (W * 0.92, H * 0.82)],
                 fill=(84, 92, 124))  # fmt: skip
    draw.polygon(
        [(W * 0.53, H * 0.2), (W * 0.92, H * 0.82), (W * 0.6, H * 0.82), (W * 0.5, H * 0.42)],
        fill=(68, 74, 106),
    )
    for puff in range(7):
        glow(
            image,
            W * (0.49 + puff * 0.035),
            H * (0.16 - puff * 0.016),
            20 + puff * 7,
            (246, 240, 236),
            130,
        )
    glow(image, W * 0.4, H * 0.66, 150, (244, 230, 220), 150)
    draw = ImageDraw.Draw(image)
    for base, colour in ((0.74, (84, 112, 92)), (0.84, (54, 88, 62)), (0.94, (32, 62, 44))):
        ridge(draw, chance, base, 0.04, colour)
    return image


def stars(chance: random.Random) -> Image.Image:
    image = sky((6, 8, 26), (16, 20, 54), (44, 40, 90), (96, 70, 110))
    for step in range(26):
        x, y = W * step / 25, H * (0.9 - step / 25 * 0.95) + chance.uniform(-20, 20)
        glow(
            image,
            x,
            y,
            chance.uniform(30, 70),
            chance.choice([(120, 110, 170), (170, 150, 180), (90, 110, 170)]),
            40,
        )
    draw = ImageDraw.Draw(image)
    for _ in range(420):
        x, y, size = (
            chance.uniform(0, W),
            chance.uniform(0, H * 0.85),
            chance.choice([1, 1, 1, 2, 2, 3]),
        )
        draw.ellipse(
            (x, y, x + size, y + size), fill=mix((150, 160, 220), (255, 250, 230), chance.random())
        )
    ridge(draw, chance, 0.9, 0.05, (8, 8, 20))
    draw.pieslice((W * 0.68, H * 0.79, W * 0.8, H * 0.99), 180, 360, fill=(22, 22, 40))
    draw.line((W * 0.74, H * 0.87, W * 0.78, H * 0.78), fill=(22, 22, 40), width=12)
    return image


def moon(chance: random.Random) -> Image.Image:
    image = sky((10, 12, 24), (20, 24, 44))
    glow(image, W / 2, H / 2, 260, (90, 100, 140), 110)
    face, centre, radius = Image.new("RGB", (W, H), (226, 220, 204)), (W / 2, H / 2), H * 0.4
    draw = ImageDraw.Draw(face)
    for _ in range(18):
        x, y, size = (
            centre[0] + chance.gauss(-40, 90),
            centre[1] + chance.gauss(-20, 80),
            chance.uniform(20, 70),
        )
        draw.ellipse((x - size, y - size * 0.8, x + size, y + size * 0.8), fill=(178, 174, 170))
    face = face.filter(ImageFilter.GaussianBlur(9))
    draw = ImageDraw.Draw(face)
    for _ in range(60):
        x, y, size = (
            centre[0] + chance.gauss(0, 110),
            centre[1] + chance.gauss(0, 110),
            chance.uniform(2, 12),
        )
        draw.ellipse(
            (x - size, y - size, x + size, y + size), outline=(240, 236, 226), fill=(196, 190, 182)
        )
    mask = Image.new("L", (W, H))
    ImageDraw.Draw(mask).ellipse(
        (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), fill=255
    )
    shadow = Image.new("L", (W, H))
    ImageDraw.Draw(shadow).ellipse((centre[0] + radius * 0.1, centre[1] - radius * 1.2, centre[0] + radius * 2.2,
                                    centre[1] + radius * 1.2), fill=205)  # fmt: skip
    face.paste(
        Image.new("RGB", (W, H), (16, 18, 32)), mask=shadow.filter(ImageFilter.GaussianBlur(30))
    )
    image.paste(face, mask=mask.filter(ImageFilter.GaussianBlur(1)))
    return image


def batik(chance: random.Random) -> Image.Image:
    ground, line, dot = (24, 40, 84), (214, 190, 140), (150, 70, 50)
    image = Image.new("RGB", (W, H), ground)
    draw = ImageDraw.Draw(image)
    for row in range(-1, 7):
        for place in range(-1, 9):
            x, y = (place + row % 2 * 0.5) * 120, row * 90
            for ring, colour in (
                (62, line),
                (54, ground),
                (44, line),
                (37, ground),
                (26, dot),
                (18, ground),
                (9, line),
            ):
                draw.pieslice((x - ring, y - ring, x + ring, y + ring), 180, 360, fill=colour)
            for spot in range(9):
                angle = math.pi * (1 + spot / 8)
                px, py = x + 74 * math.cos(angle), y + 74 * math.sin(angle)
                draw.ellipse((px - 3, py - 3, px + 3, py + 3), fill=line)
    return image


def prices(chance: random.Random) -> Image.Image:
    image = Image.new("RGB", (W, H), (250, 248, 242))
    draw = ImageDraw.Draw(image)
    left, right, top, bottom = 70, W - 50, 50, H - 60
    for step in range(6):
        y = bottom - (bottom - top) * step / 5
        draw.line((left, y, right, y), fill=(222, 216, 204), width=2)
        draw.text((left - 46, y - 14), f"{20 + step * 10}", fill=(110, 104, 96), font_size=24)
    for colour, values in (
        ((206, 52, 48), [58, 60, 61, 63, 62, 64, 62, 63, 62, 56, 50, 44]),
        ((124, 66, 150), [32, 31, 31, 30, 31, 31, 31, 30, 31, 33, 34, 35.5]),
    ):
        points = [(left + 20 + (right - left - 40) * day / 11, bottom - (bottom - top) * (value - 20) / 50)
                  for day, value in enumerate(values)]  # fmt: skip
        draw.line(points, fill=colour, width=7, joint="curve")
        for x, y in points:
            draw.ellipse(
                (x - 8, y - 8, x + 8, y + 8), fill=(250, 248, 242), outline=colour, width=5
            )
    for day in range(12):
        x = left + 20 + (right - left - 40) * day / 11
        draw.text((x - 8, bottom + 14), str(day + 1), fill=(110, 104, 96), font_size=24)
    return image


def bay_map(chance: random.Random) -> Image.Image:
    sea, land = (186, 216, 226), (232, 226, 200)
    image = Image.new("RGB", (W, H), sea)
    draw = ImageDraw.Draw(image)
    for depth in range(4):
        draw.ellipse((W * 0.12 + depth * 44, -H * 0.3 + depth * 34, W * 1.2 - depth * 44, H * 1.1 - depth * 30),
                     fill=mix(sea, (120, 176, 204), depth / 5))  # fmt: skip
    coast = [(0, 0), (W * 0.34, 0)]
    coast += [
        (W * (0.33 - 0.12 * math.sin(y / H * 3)) + chance.uniform(-12, 12), y)
        for y in range(0, H, 18)
    ]
    draw.polygon([*coast, (W * 0.3, H), (0, H)], fill=land, outline=(150, 140, 110), width=4)
    island = [(W * 0.78 + math.cos(a / 20 * math.tau) * (84 + chance.uniform(-16, 16)),
               H * 0.42 + math.sin(a / 20 * math.tau) * (60 + chance.uniform(-12, 12))) for a in range(20)]  # fmt: skip
    draw.polygon(island, fill=land, outline=(150, 140, 110), width=4)
    for x, y in ((0.52, 0.62), (0.56, 0.66), (0.6, 0.63), (0.55, 0.72)):
        draw.ellipse((W * x - 16, H * y - 9, W * x + 16, H * y + 9), fill=(222, 150, 120))
    for step in range(0, 40, 2):
        at = [
            (
                W * (0.24 + 0.45 * s / 40),
                H * (0.56 - 0.26 * math.sin(s / 40 * math.pi) - 0.1 * s / 40),
            )
            for s in (step, step + 1)
        ]
        draw.line(at, fill=(190, 50, 50), width=6)
    for x, y, name in (
        (0.05, 0.5, "Teluk Randu"),
        (0.72, 0.39, "Sembilu"),
        (0.5, 0.78, "karang"),
        (0.8, 0.88, "5 km"),
    ):
        draw.text((W * x, H * y), name, fill=(60, 56, 50), font_size=30)
    draw.line((W * 0.78, H * 0.86, W * 0.9, H * 0.86), fill=(60, 56, 50), width=5)
    return image


def clock(chance: random.Random) -> Image.Image:
    """A town clock at eleven minutes past twelve, on a gable under an evening sky."""
    image = sky((92, 128, 160), (190, 196, 188), (238, 206, 160))
    draw = ImageDraw.Draw(image)
    brick = (150, 92, 70)
    left, right, eaves = W * 0.2, W * 0.8, H * 0.3
    gable = [(left, H), (left, eaves), (W / 2, H * 0.02), (right, eaves), (right, H)]
    draw.polygon(gable, fill=brick)
    wide, high = (right - left) / 16, (H - eaves) / 26
    for row in range(26):
        for place in range(16):
            x, y = left + (place + row % 2 * 0.5) * wide, eaves + row * high
            shade = mix(brick, (110, 62, 50), chance.random() * 0.6)
            draw.rectangle((x, y, min(x + wide - 4, right), y + high - 4), fill=shade)
    centre, radius = (W / 2, H * 0.52), H * 0.34
    for size, colour in ((1.12, (70, 56, 50)), (1.04, (196, 160, 80)), (1.0, (246, 240, 224))):
        reach = radius * size
        box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
        draw.ellipse(box, fill=colour)

    def spot(minutes: float, share: float) -> tuple[float, float]:
        angle, reach = minutes / 60 * math.tau, radius * share
        return centre[0] + reach * math.sin(angle), centre[1] - reach * math.cos(angle)

    for minute in range(60):
        inner, width = (0.84, 9) if minute % 5 == 0 else (0.92, 3)
        draw.line((*spot(minute, inner), *spot(minute, 0.97)), fill=(60, 52, 48), width=width)
    hour_hand = 60 * (0 + 11 / 60) / 12
    draw.line((*spot(hour_hand + 30, 0.12), *spot(hour_hand, 0.52)), fill=(30, 30, 36), width=20)
    draw.line((*spot(11 + 30, 0.16), *spot(11, 0.8)), fill=(30, 30, 36), width=12)
    x, y = centre
    draw.ellipse((x - 16, y - 16, x + 16, y + 16), fill=(150, 60, 48))
    return image


def rain(chance: random.Random) -> bytes:
    """Two seconds of rain on a tin roof: 8 bits, 8000 Hz."""
    level, out = 0.0, bytearray()
    for at in range(16_000):
        level = level * 0.7 + chance.uniform(-1, 1) * 0.3
        drop = math.sin(at / 8000 * math.tau * 900) * math.exp(-(at % 1999) / 120) * 0.4
        fade = min(1, at / 2000, (16_000 - at) / 2000)
        out.append(round(128 + 90 * fade * (level * 0.8 + drop)))
    return bytes(out)


def main() -> None:
    MEDIA.mkdir(parents=True, exist_ok=True)
    for draw in (harbour, market, reef, paddy, volcano, stars, moon, batik, prices, bay_map, clock):
        picture = draw(random.Random(7)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        name = draw.__name__.replace("_", "-")
        if name in {"batik", "prices", "bay-map", "clock"}:
            picture.quantize(48).save(MEDIA / f"{name}.png", optimize=True)
        else:
            for quality in range(82, 20, -6):
                picture.save(
                    MEDIA / f"{name}.jpg", quality=quality, optimize=True, progressive=True
                )
                if (MEDIA / f"{name}.jpg").stat().st_size <= 15_000:
                    break
    with wave.open(str(MEDIA / "rain.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(rain(random.Random(7)))


if __name__ == "__main__":
    main()
