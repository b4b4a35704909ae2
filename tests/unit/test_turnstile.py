"""The line before the app: so many at a time, and whoever came first is next."""

import time
from threading import Thread

from app.web.turnstile import Line


def waiting(line: Line) -> int:
    return len(line._waiting)


def test_whoever_has_waited_longest_is_next() -> None:
    line, order = Line(2), list[int]()

    def come(number: int) -> None:
        with line:
            order.append(number)

    line.acquire()
    line.acquire()
    crowd = [Thread(target=come, args=[number]) for number in range(8)]
    for number, one in enumerate(crowd):
        one.start()
        while waiting(line) == number:
            time.sleep(0.001)
    assert order == []
    line.release()  # one place comes free, and each gives it to the next
    for one in crowd:
        one.join(5)
    assert order == list(range(8))


def test_no_more_are_inside_than_there_are_places_and_none_is_lost() -> None:
    line, inside, most = Line(3), list[int](), list[int]()

    def come(number: int) -> None:
        for _ in range(50):
            try:
                with line:
                    inside.append(number)
                    most.append(len(inside))
                    time.sleep(0.0001)
                    inside.remove(number)
                    raise ConnectionError
            except ConnectionError:
                pass

    crowd = [Thread(target=come, args=[number]) for number in range(12)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(20)
    assert (len(most), max(most), inside) == (600, 3, [])
    for _ in range(3):
        line.acquire()  # every place came back
    assert waiting(line) == 0
