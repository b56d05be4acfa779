"""How loud a sound is: integrated loudness with both gates and true peak, as ITU-R BS.1770 defines them."""

from dataclasses import dataclass
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
TARGET = -23.0  # LUFS, as EBU R 128 has it
CEILING = -1.0  # dBTP

type Samples = NDArray[np.float32]  # (channels, samples), at 48 kHz

_STEP = RATE // 10
_STEPS = 4  # of 100 ms make a block; a block begins with every step
_GATE = -70.0
_RELATIVE_GATE = -10.0
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
_OVERSAMPLING = 4
_TAPS = 12 * _OVERSAMPLING
_FINE = RATE // 1000  # samples to a peak as they are gathered


@cache
def _signal() -> ModuleType:
    from scipy import signal  # noqa: PLC0415 - it takes as long to load as all else together, and pages need no sound

    return signal


@cache
def _interpolator() -> NDArray[np.float64]:
    lowpass: NDArray[np.float64] = _signal().firwin(_TAPS, 1 / _OVERSAMPLING)
    return _OVERSAMPLING * lowpass


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a meter has read: LUFS (None for silence), dBTP, how much was heard and a peak for each millisecond."""

    channels: int
    integrated: float | None
    true_peak: float
    samples: int
    peaks: NDArray[np.float32]

    @property
    def gain(self) -> float:
        """What brings it to the common loudness, in dB; less if the true peak would pass the ceiling."""
        if self.integrated is None:
            return 0.0
        return round(min(TARGET - self.integrated, CEILING - self.true_peak), 2)

    def outline(self, most: int) -> list[int]:
        """At most so many peaks, 0 … 255, of the sound once its gain is applied."""
        scaled = np.minimum(255, np.rint(self.peaks * (255 * 10 ** (self.gain / 20))))
        starts = np.linspace(0, len(scaled), min(most, len(scaled)), endpoint=False).astype(int)
        return [int(peak) for peak in np.maximum.reduceat(scaled, starts)] if len(scaled) else []


class Meter:
    """Reads a sound block by block. A single channel counts twice, for two loudspeakers play it."""

    def __init__(self, channels: int) -> None:
        self._weight = 2.0 if channels == 1 else 1.0
        self._state = np.zeros((len(_K_WEIGHTING), channels, 2))
        self._rest = np.zeros((channels, 0))
        self._tail = np.zeros((channels, _TAPS // _OVERSAMPLING), np.float32)
        self._fine = np.zeros(0, np.float32)
        self._powers: list[NDArray[np.float64]] = []
        self._peaks: list[NDArray[np.float32]] = []
        self._true_peak = 0.0
        self._samples = 0

    def add(self, block: Samples) -> None:
        self._samples += block.shape[1]
        weighted, self._state = _signal().sosfilt(_K_WEIGHTING, block, axis=1, zi=self._state)
        self._rest = np.concatenate([self._rest, weighted], axis=1)
        whole = self._rest.shape[1] // _STEP * _STEP
        self._powers.append(self._power(self._rest[:, :whole].reshape(len(block), -1, _STEP)))
        self._rest = self._rest[:, whole:]
        self._add_true_peak(block)
        self._add_peaks(block)

    def _power(self, steps: NDArray[np.float64]) -> NDArray[np.float64]:
        """The channels' mean squares together, for each step."""
        power: NDArray[np.float64] = self._weight * np.square(steps).mean(axis=2).sum(axis=0)
        return power

    def _add_true_peak(self, block: Samples) -> None:
        joined = np.concatenate([self._tail, block], axis=1)
        self._tail = joined[:, -self._tail.shape[1] :]
        edge = _TAPS - 1
        between = _signal().upfirdn(_interpolator(), joined, _OVERSAMPLING)[:, edge:-edge]
        self._true_peak = max(self._true_peak, *(float(np.abs(part).max(initial=0.0)) for part in (block, between)))

    def _add_peaks(self, block: Samples) -> None:
        fine = np.concatenate([self._fine, np.abs(block).max(axis=0)])
        whole = len(fine) // _FINE * _FINE
        self._peaks.append(fine[:whole].reshape(-1, _FINE).max(axis=1))
        self._fine = fine[whole:]

    def read(self) -> Loudness:
        """The loudness of all that was added."""
        return Loudness(
            channels=len(self._tail),
            integrated=_gated(self._blocks()),
            true_peak=20 * float(np.log10(max(self._true_peak, 1e-10))),
            samples=self._samples,
            peaks=np.concatenate([*self._peaks, self._fine.max(keepdims=True, initial=0.0)[: len(self._fine)]]),
        )

    def _blocks(self) -> NDArray[np.float64]:
        """The mean power of every block of 400 ms; a sound shorter than one is a block of its own."""
        powers = np.concatenate([np.zeros(0), *self._powers])
        if len(powers) >= _STEPS:
            return np.convolve(powers, np.full(_STEPS, 1 / _STEPS), "valid")
        rest = self._weight * float(np.square(self._rest).sum())
        return np.array([(float(powers.sum()) * _STEP + rest) / max(1, self._samples)])


def _gated(blocks: NDArray[np.float64]) -> float | None:
    """The loudness of the blocks that are neither silent nor far below the rest."""
    loud = blocks[_lufs(blocks) > _GATE]
    if not len(loud):
        return None
    loud = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
    return float(_lufs(loud.mean()))


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-20)))
