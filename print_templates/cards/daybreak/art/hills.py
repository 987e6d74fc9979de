"""Draws `hills.jpg`: ridges at dawn, one behind the other, in the inks of the card's press.

    uv run python print_templates/cards/daybreak/art/hills.py

Nothing is photographed: ridges are sums of waves that weaken with their frequency, as mountains' do, the air
before them takes colour with distance, and mist lies where a slope meets the next valley. Everything is drawn
in linear light at twice the size, then reduced, and separated once by LittleCMS for the press profile.
Lengths are shares of the picture's width and height; y runs downwards.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from app.registry.places import CARDS, PROFILES
from app.registry.profiles import load_profiles

Plane = NDArray[np.floating[Any]]
"""Rows from the top; one value a pixel, or three for light in red, green and blue."""

SIZE = (1819, 1311)
"""154 × 111 mm (A6 with 3 mm bleed) at 300 ppi."""
OVERSAMPLED = 2
QUALITY = 87
PROFILE = "isocoated-v2-300"
SUN = (0.66, 0.44)
HOME = 0.405
"""Where on the nearest ridge the house stands."""
CLEARING = 0.018


@dataclass(frozen=True, slots=True)
class Ridge:
    """One line of hills. `near` is 0 for the farthest and 1 for where we stand."""

    top: float
    rise: float
    rough: float
    """How fast waves weaken with their frequency: the higher, the smoother."""
    near: float
    trees: float
    """Height of its tallest trees."""
    seed: int
    tilt: float = 0.0


RIDGES = (
    Ridge(0.440, 0.014, 1.55, 0.00, 0.0, 11),
    Ridge(0.475, 0.020, 1.50, 0.10, 0.0, 12),
    Ridge(0.525, 0.026, 1.45, 0.22, 0.0, 23),
    Ridge(0.585, 0.030, 1.40, 0.38, 0.0012, 34),
    Ridge(0.665, 0.034, 1.40, 0.56, 0.0030, 15),
    Ridge(0.765, 0.038, 1.45, 0.78, 0.0085, 56, tilt=0.05),
    Ridge(0.895, 0.026, 1.65, 1.00, 0.052, 83, tilt=-0.060),
)


def light(red: int, green: int, blue: int) -> Plane:
    """A screen colour as linear light (IEC 61966-2-1)."""
    value = np.array([red, green, blue], np.float32) / 255
    linear: Plane = np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)
    return linear


SKY_TOP, SKY_MIDDLE, SKY_LOW = light(172, 195, 210), light(231, 226, 217), light(251, 220, 182)
GLOW = light(255, 212, 156)
AIR, AIR_IN_SUN = light(196, 210, 220), light(252, 220, 182)
WINDOW = light(255, 198, 104)
FAR, NEAR = light(128, 158, 178), light(11, 32, 42)


class Picture:
    """The picture while it is drawn, from the sky to the nearest ridge."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.x: Plane = np.linspace(0, 1, width, dtype=np.float32)[None, :]
        self.y: Plane = np.linspace(0, 1, height, dtype=np.float32)[:, None]
        self.from_sun = np.hypot((self.x - SUN[0]) * width / height, self.y - SUN[1])
        self.wisps = self.clouds(1.7, 9, stretch=3)
        self.light = self.sky()

    def waves(self, rough: float, seed: int) -> Plane:
        """A line of hills along the picture's width, of mean 0 and deviation 1."""
        dice = np.random.default_rng(seed)
        frequency = np.fft.rfftfreq(2 * self.width) * 2 * self.width
        strength = np.where(frequency < 1, 0, 1 / np.maximum(frequency, 1) ** rough)
        line = np.fft.irfft(strength * np.exp(2j * np.pi * dice.random(frequency.size)))[: self.width]
        evened: Plane = line / line.std()
        return evened

    def clouds(self, rough: float, seed: int, *, stretch: float, finer: int = 4) -> Plane:
        """Random texture over the picture, of mean 0 and deviation 1; `stretch` draws it out sideways."""
        rows, columns = self.height // finer, self.width // finer
        dice = np.random.default_rng(seed)
        down = np.fft.fftfreq(rows)[:, None] * rows * stretch
        across = np.fft.rfftfreq(columns)[None, :] * columns
        strength = 1 / np.maximum(np.hypot(down, across), 1) ** rough
        strength[0, 0] = 0
        texture = np.fft.irfft2(
            strength * np.exp(2j * np.pi * dice.random(strength.shape)), s=(rows, columns)
        )
        small = Image.fromarray((texture / texture.std()).astype(np.float32))
        return np.asarray(small.resize((self.width, self.height), Image.Resampling.BICUBIC))

    def sky(self) -> Plane:
        """Cool above, warm where the sun will be, with a breath of high cloud."""
        down = np.clip(self.y / 0.5, 0, 1)[..., None]
        upper = SKY_TOP + (SKY_MIDDLE - SKY_TOP) * np.minimum(down / 0.6, 1) ** 1.1
        lower = (SKY_LOW - SKY_MIDDLE) * np.maximum(down / 0.4 - 1.5, 0) ** 1.2
        glow = np.exp(-((self.from_sun / 0.30) ** 1.3))[..., None] * GLOW * 0.35
        veil = 1 + 0.03 * self.clouds(1.9, 5, stretch=6) * np.exp(-(((self.y - 0.24) / 0.16) ** 2))
        lit: Plane = (upper + lower + glow) * veil[..., None]
        return lit

    def tree_line(self, ridge: Ridge) -> Plane:
        """How far trees stand up from a ridge: narrow spruces, in groups and gaps."""
        dice = np.random.default_rng(ridge.seed + 100)
        line = np.zeros(self.width, np.float32)
        if not ridge.trees:
            return line
        tallest = ridge.trees * self.height
        crowd = self.waves(1.0, ridge.seed + 101)
        for place in dice.random(round(self.width / (tallest * 0.085))) * self.width:
            thick = crowd[min(int(place), self.width - 1)]
            tall = tallest * (0.20 + 0.62 * dice.random() ** 2.2 + 0.14 * np.clip(thick, -1, 2))
            near_home = ridge.near == 1 and abs(place / self.width - HOME) < CLEARING
            if thick < dice.normal(-0.9, 0.25) or tall < 1 or near_home:
                continue
            half = tall * dice.uniform(0.10, 0.16)
            columns = np.arange(max(0, int(place - half)), min(self.width, int(place + half) + 1))
            out = np.abs(columns - place) / half
            boughs = 1 + 0.10 * np.sin(out * 19 + dice.random() * 6) * out
            shape = tall * (1 - out**0.82 * boughs)
            line[columns] = np.maximum(line[columns], shape)
        return line / self.height

    def add(self, ridge: Ridge) -> None:
        """Put a ridge before all that is drawn."""
        ground = ridge.top - ridge.rise * self.waves(ridge.rough, ridge.seed) + ridge.tilt * (0.5 - self.x[0])
        skyline = ground - self.tree_line(ridge)
        edge = 0.0011 if ridge.near < 0.3 else 0.0004
        cover = np.clip((self.y - skyline) / edge + 0.5, 0, 1)[..., None]
        self.light = self.light * (1 - cover) + self.slope(ridge, ground) * cover
        if ridge.near == 1:
            self.add_cabin(HOME, float(ground[int(HOME * (self.width - 1))]))

    def add_cabin(self, middle: float, ground: float) -> None:
        """Somebody is up already: a small house on the ridge with one lit window."""
        across = (self.x - middle) * self.width / self.height
        up = ground - self.y
        walls = (np.abs(across) < 0.0095) & (up < 0.0095) & (up > -0.01)
        roof = (up >= 0.0085) & (up < 0.0185 - np.abs(across) * 0.72) & (np.abs(across) < 0.0125)
        chimney = (np.abs(across - 0.005) < 0.0014) & (up > 0.01) & (up < 0.0205)
        house = (walls | roof | chimney).astype(np.float32)[..., None]
        window = ((np.abs(across + 0.0025) < 0.0019) & (np.abs(up - 0.0050) < 0.0021)).astype(np.float32)
        shine = np.exp(-((np.hypot(across + 0.0025, up - 0.005) / 0.013) ** 1.1))
        self.light = self.light * (1 - house) + NEAR * 0.75 * house
        self.light = self.light * (1 - window[..., None]) + WINDOW * window[..., None]
        self.light = self.light + WINDOW * (shine * 0.10)[..., None]

    def slope(self, ridge: Ridge, ground: Plane) -> Plane:
        """A ridge's side: its own colour, the air before it, and mist towards its foot."""
        near = ridge.near**0.8
        air = AIR + (AIR_IN_SUN - AIR) * np.exp(-(((self.x - SUN[0]) / 0.32) ** 2))[..., None]
        own = air * (1 - near) * 0.78 + (FAR * (1 - near) + NEAR * near) * (0.22 + 0.78 * near)
        depth = np.clip((self.y - ground) / 0.16, 0, 1)
        lit = 1 + 0.09 * self.facing_sun(ground) * np.exp(-2 * depth)
        spurs = self.clouds(1.25, ridge.seed + 500, stretch=0.7, finer=3) * (0.02 + 0.08 * ridge.near)
        own = own * np.clip(lit + spurs * (1 - 0.3 * depth), 0.3, 2)[..., None]
        thinning = 1.12 - 0.46 * ridge.near if ridge.near < 1 else 0.10
        mist = np.clip(depth * thinning + 0.16 * self.wisps * depth * (1.2 - ridge.near), 0, 1) ** 1.25
        mist = mist[..., None] * (0.93 - 0.13 * ridge.near)
        misty: Plane = own * (1 - mist) + air * (0.99 - 0.10 * ridge.near) * mist
        return misty

    def facing_sun(self, ground: Plane) -> Plane:
        """1 where the ground faces the sun squarely, −1 where it looks away."""
        window = np.hanning(self.width // 8)
        reach = len(window) // 2
        padded = np.pad(ground, reach, mode="reflect", reflect_type="odd")
        smooth = np.convolve(padded, window / window.sum(), "same")[reach : reach + self.width]
        rise = np.gradient(smooth) * self.width
        facing: Plane = np.clip(rise * np.sign(self.x[0] - SUN[0]), -1, 1)
        return facing

    def bloom(self) -> None:
        """Light spills over edges where one looks into it."""
        self.light = self.light + np.exp(-((self.from_sun / 0.22) ** 2))[..., None] * GLOW * 0.09

    def developed(self) -> Image.Image:
        """As a screen picture of the final size, with a trace of grain so that no tone bands."""
        lit = np.clip(self.light, 0, 1.4)
        lit = np.clip(lit / (1 + 0.24 * np.maximum(lit - 0.8, 0)), 0, 1)
        screen = np.where(lit > 0.0031308, 1.055 * np.maximum(lit, 1e-6) ** (1 / 2.4) - 0.055, lit * 12.92)
        whole = Image.fromarray((screen * 255 + 0.5).astype(np.uint8))
        values = np.asarray(whole.resize(SIZE, Image.Resampling.LANCZOS), dtype=np.float32)
        grain = np.random.default_rng(1).normal(0, 1.2, (*values.shape[:2], 1))
        return Image.fromarray(np.clip(values + grain + 0.5, 0, 255).astype(np.uint8))


def separated(picture: Image.Image) -> Image.Image:
    """The picture in the press's inks: relative colorimetric with black-point compensation."""
    icc = load_profiles(PROFILES)[PROFILE].icc
    inks = ImageCms.profileToProfile(
        picture,
        ImageCms.createProfile("sRGB"),
        str(icc),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="CMYK",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if inks is None:
        raise RuntimeError("the picture was converted in place")
    return inks


def draw() -> Image.Image:
    """The whole picture as it looks."""
    picture = Picture(*(edge * OVERSAMPLED for edge in SIZE))
    for ridge in RIDGES:
        picture.add(ridge)
    picture.bloom()
    return picture.developed()


def jpeg(inks: Image.Image) -> bytes:
    """As the card embeds it. No colour profile inside: its inks are those of the card's output intent."""
    out = io.BytesIO()
    inks.save(out, "JPEG", quality=QUALITY, dpi=(300, 300), optimize=True, progressive=True, icc_profile=None)
    return out.getvalue()


def main() -> None:
    """Draw it and put it beside this file."""
    Path(CARDS / "daybreak/art/hills.jpg").write_bytes(jpeg(separated(draw())))


if __name__ == "__main__":
    main()
