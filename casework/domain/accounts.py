"""How often an account was found in violation, and what that opens: a request to lock it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from casework.law.catalogue import Catalogue
from casework.law.model import Lock, LockThreshold, Regime, Target


@dataclass(frozen=True, order=True)
class Violation:
    """One violation of an account that was the matter of a takedown request, on its day."""

    on: date
    id: int


@dataclass(frozen=True)
class LockOption:
    """A lock that may be asked for: under which regime, by which count, with which violations."""

    regime: Regime
    threshold: LockThreshold | None
    violations: tuple[Violation, ...]
    first: date
    last: date
    permanent: bool
    vi: str
    en: str
    source: str


@dataclass(frozen=True)
class Counter:
    """How far an account is towards a threshold: `count` of `needed` in the rolling window."""

    regime: Regime
    threshold: LockThreshold
    count: int

    @property
    def missing(self) -> int:
        return max(0, self.threshold.count - self.count)


def in_window(violations: Iterable[Violation], days: int, on: date) -> tuple[Violation, ...]:
    """The violations of the last so many days, `on` included, each id once, oldest first."""
    first = on - timedelta(days=days - 1)
    return tuple(sorted({each for each in violations if first <= each.on <= on}))


def counters(
    violations: Iterable[Violation], target: Target, on: date, catalogue: Catalogue
) -> tuple[Counter, ...]:
    """For every lock regime of such a platform: how many violations stand in its window."""
    known = tuple(violations)
    return tuple(
        Counter(regime, threshold, len(in_window(known, threshold.days, on)))
        for regime, lock in _with_lock(target, on, catalogue)
        for threshold in lock.thresholds
    )


def lock_options(
    violations: Iterable[Violation],
    target: Target,
    on: date,
    catalogue: Catalogue,
    *,
    earlier_locks: int = 0,
) -> tuple[LockOption, ...]:
    """The locks that may be asked for on a day, each under its own regime; thresholds differ.

    `earlier_locks`: how often the account was locked for a time before; enough of them open a
    permanent lock.
    """
    known = tuple(violations)
    options: list[LockOption] = []
    for regime, lock in _with_lock(target, on, catalogue):
        reached = [
            each for each in lock.thresholds if len(in_window(known, each.days, on)) >= each.count
        ]
        options += [_temporary(regime, lock, each, known, on) for each in reached]
        if earlier_locks >= lock.permanent_after_locks:
            options.append(_permanent(regime, lock, earlier_locks, known, on))
    return tuple(options)


def _with_lock(target: Target, on: date, catalogue: Catalogue) -> Iterator[tuple[Regime, Lock]]:
    for regime in catalogue.regimes_for(target, on):
        if regime.lock:
            yield regime, regime.lock


def _temporary(
    regime: Regime, lock: Lock, threshold: LockThreshold, known: tuple[Violation, ...], on: date
) -> LockOption:
    found = in_window(known, threshold.days, on)
    span_vi = f"từ {threshold.from_days:02d} đến {threshold.up_to_days} ngày"
    return LockOption(
        regime,
        threshold,
        found,
        on - timedelta(days=threshold.days - 1),
        on,
        permanent=False,
        vi=f"{len(found):02d} vi phạm trong {threshold.days} ngày (ngưỡng {threshold.count:02d}): "
        f"được yêu cầu khóa tạm thời {span_vi}.",
        en=f"{len(found)} violations in {threshold.days} days (threshold {threshold.count}): "
        f"a lock of {threshold.from_days} to {threshold.up_to_days} days may be asked for.",
        source=lock.source,
    )


def _permanent(
    regime: Regime, lock: Lock, earlier: int, known: tuple[Violation, ...], on: date
) -> LockOption:
    past = tuple(sorted(each for each in known if each.on <= on))
    return LockOption(
        regime,
        None,
        past,
        past[0].on if past else on,
        on,
        permanent=True,
        vi=f"Tài khoản đã bị khóa tạm thời {earlier:02d} lần: được yêu cầu khóa vĩnh viễn.",
        en=f"The account was locked {earlier} times: a permanent lock may be asked for.",
        source=lock.source,
    )
