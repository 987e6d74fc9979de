"""A process that reads strangers' photos: bounded in memory, without files to write or programs to start.

Run by `lab.py` as `python -m app.photo.worker BYTES`, the most address space that it may take; it takes
messages on its standard input until that ends.
"""

from __future__ import annotations

import resource
import sys

from PIL import Image

from app.errors import PhotoUnusable
from app.photo.develop import develop
from app.photo.master import make_master
from app.photo.messages import ASKED, Answer, Refused, receive, send_answer


def _bound(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the photo
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = None  # `read.py` has limits of its own, with reasons that people understand


def _answer(message: bytes, photo: bytes) -> Answer:
    asked = ASKED.validate_json(message).printed
    try:
        if asked is None:
            return Answer(master=make_master(photo))
        return Answer(developed=develop(photo, asked.product, asked.press, asked.crop))
    except PhotoUnusable as error:
        return Answer(refused=Refused(error.detail, error.mend, error.reason))
    except MemoryError:
        return Answer(
            refused=Refused(
                "the photo takes more memory than one photo may", "send it as JPEG, or smaller", "too_large"
            )
        )


def main() -> None:
    """Answer until nobody asks any more."""
    _bound(int(sys.argv[1]))
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    while (message := receive(asked)) is not None and (photo := receive(asked)) is not None:
        send_answer(_answer(message, photo), told)


if __name__ == "__main__":
    main()
