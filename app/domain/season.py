"""The days of the year that people send good wishes for, as the public calendars of countries name them."""

from __future__ import annotations

from collections.abc import Mapping

SEASONS: Mapping[str, Mapping[str, int]] = {
    "christmas": {
        "Christmas": 0,
        "Christmas Day": 0,
        "Christmas Day (by new style)": 0,
        "Christmas and Epiphany": 0,
        "Christmas and Family Day": 0,
        "Catholic Christmas Day": 0,
        "Orthodox Christmas": 0,
        "Orthodox Christmas Day": 0,
        "Armenian Orthodox Christmas Day": 0,
        "Coptic Christmas Day": 0,
    },
    "new_year": {"New Year's Day": 0, "New Year Holidays": 0},
    "easter": {
        "Easter": 0,
        "Easter Sunday": 0,
        "Catholic Easter": 0,
        "Catholic Easter Sunday": 0,
        "Orthodox Easter": 0,
        "Orthodox Easter Sunday": 0,
        "Coptic Easter": 0,
        "Good Friday": 2,
        "Easter Monday": -1,
    },
    "eid_al_fitr": {"Eid al-Fitr": 0, "Eid al-Fitr Holiday": 0, "Eid-ul-Fitr": 0},
    "eid_al_adha": {"Eid al-Adha": 0, "Eid al-Adha Holiday": 0, "Eid-ul-Adha": 0},
    "diwali": {"Diwali": 0, "Deepavali": 0},
    "lunar_new_year": {
        "Chinese New Year": 0,
        "Chinese New Year's Day": 0,
        "Chinese New Year (Spring Festival)": 0,
        "Korean New Year": 0,
        "Lunar New Year": 0,
    },
    "nowruz": {"Nowruz": 0, "Nowruz Day": 0, "Nowruz Holiday": 0, "International Nowruz Day": 0},
    "thanksgiving": {"Thanksgiving": 0, "Thanksgiving Day": 0},
    "rosh_hashanah": {"Rosh Hashanah": 0},
    "mid_autumn": {"Mid-Autumn Festival": 0, "The Day following Mid-Autumn Festival": -1},
    "chuseok": {"Chuseok": 0},
}
"""Code → what calendars call the day, and how many days after a day of that name it is.

Countries keep Easter under the names of the days about it. Of several days in a row the first counts.
"""
