"""Runs one function over many items in other processes, and survives what they do.

A decoder may crash or hang on a broken file. Here that costs this one file: the pool
is made anew, and of the items that were being worked on when it broke, each is tried
once more alone, so that the guilty one is known.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from data.errors import SegueError
from hybrid.executors import Hands

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_TICK_S = 1.0
"""How often overdue items are looked for while nothing ends."""
_AHEAD = 2
"""Items given out per worker: one in work and one in hand, so that none waits for the next."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item gave no result, as the end of a sentence about it."""

    reason: str


@dataclass(slots=True)
class _InWork(Generic[_Item]):
    item: _Item
    since: float | None = None


class Crew(Generic[_Item, _Result]):
    """Gives items to workers and collects what comes back, in whatever order.

    Parameters
    ----------
    hands : Hands
    function : callable
        Called with an item; what it raises fails the item. Must pickle, as must items
        and results.
    timeout_s : float
        Seconds that one item may take.

    Notes
    -----
    Workers take items in the order they were given, so of n workers the first n items not
    done yet are the ones in work: only these can be guilty of a crash, and only theirs is
    the time that counts.
    """

    def __init__(
        self, hands: Hands, function: Callable[[_Item], _Result], *, timeout_s: float
    ) -> None:
        self._hands = hands
        self._function = function
        self._timeout_s = timeout_s
        self._given: dict[Future[_Result], _InWork[_Item]] = {}
        self._waiting: deque[_Item] = deque()
        self._suspects: deque[_Item] = deque()
        # Whether a worker ever lived long enough to answer.
        self._proven = False

    @property
    def busy(self) -> bool:
        """Whether results are still to come."""
        return bool(self._given or self._waiting or self._suspects)

    @property
    def has_room(self) -> bool:
        """Whether another item can be taken at once."""
        full = len(self._given) >= self._hands.workers * _AHEAD
        return not (full or self._waiting or self._suspects)

    def give(self, item: _Item) -> None:
        """Take an item; best while there is room."""
        self._waiting.append(item)
        self._deal()

    def collect(self, wait_s: float = _TICK_S) -> list[tuple[_Item, _Result | Failure]]:
        """Return what ended, waiting for at most `wait_s` where nothing has.

        Raises
        ------
        SegueError
            If the workers are gone and cannot be replaced.
        """
        self._deal()
        if not self._given:
            return []
        done, _ = wait(self._given, timeout=wait_s, return_when=FIRST_COMPLETED)
        ended: list[tuple[_Item, _Result | Failure]] = []
        broken = False
        for future in done:
            try:
                result: _Result | Failure = future.result()
            except BrokenExecutor:
                broken = True
                continue
            except Exception as error:
                result = Failure(f"made its worker fail ({type(error).__name__}: {error})")
            self._proven = True
            ended.append((self._take_back(future), result))
        if broken:
            ended += self._recover()
        ended += self._give_up_overdue()
        self._deal()
        return ended

    def _deal(self) -> None:
        """Hand out what waits; a suspect only when nothing else is out."""
        if self._suspects:
            if not self._given:
                self._hand_out(self._suspects[0])
        else:
            while self._waiting and len(self._given) < self._hands.workers * _AHEAD:
                if not self._hand_out(self._waiting[0]):
                    break
                self._waiting.popleft()
        now = time.monotonic()
        for work in list(self._given.values())[: self._hands.workers]:
            work.since = work.since or now

    def _hand_out(self, item: _Item) -> bool:
        try:
            future = self._hands.submit(self._function, item)
        except BrokenExecutor:
            # It broke since we last looked; the items in it will tell.
            if self._given:
                return False
            self._renew()
            future = self._hands.submit(self._function, item)
        self._given[future] = _InWork(item)
        return True

    def _take_back(self, future: Future[_Result]) -> _Item:
        """Return an item that is settled."""
        item = self._given.pop(future).item
        if self._suspects and self._suspects[0] is item:
            self._suspects.popleft()
        return item

    def _recover(self) -> list[tuple[_Item, _Result | Failure]]:
        """Make the workers anew after a crash; return the crash of a suspect, which was alone."""
        wait(self._given)
        if self._suspects:
            [future] = self._given
            crashed = [(self._take_back(future), Failure("crashes the decoder or the analysis"))]
        else:
            out = [self._take_back(future) for future in list(self._given)]
            self._suspects.extend(out[: self._hands.workers])
            self._waiting.extendleft(out[self._hands.workers :][::-1])
            crashed = []
        self._renew()
        return list(crashed)

    def _give_up_overdue(self) -> list[tuple[_Item, _Result | Failure]]:
        latest = time.monotonic() - self._timeout_s
        overdue = [
            future
            for future, work in self._given.items()
            if work.since is not None and work.since <= latest and not future.done()
        ]
        if not overdue:
            return []
        reason = Failure(f"gave no result within {self._timeout_s:g} s")
        lost = [(self._take_back(future), reason) for future in overdue]
        if self._hands.renew():
            self._waiting.extendleft(
                [self._take_back(future) for future in list(self._given)][::-1]
            )
        else:
            for future in overdue:
                future.cancel()
        return list(lost)

    def _renew(self) -> None:
        """Make the workers anew.

        Where none has answered yet, it may not be the items that end them.
        """
        if not self._hands.renew():
            raise SegueError(
                "The workers stopped and cannot be started again from here; what was done is "
                "kept: start them and run the command again."
            )
        if self._proven:
            return
        try:
            self._hands.submit(os.getpid).result()
        except BrokenExecutor as error:
            raise SegueError(
                "The processes that do the work end as soon as they start: look at how much "
                "memory is left, and report it if there is enough."
            ) from error
        self._proven = True
