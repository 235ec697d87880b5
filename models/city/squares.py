"""Cuts a piece of the plane into equal squares and says which of them a line runs through."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

MARGIN = 0.01  # metres by which a square is taken larger than it is: far more than any rounding
LEAST_SIDE = 1.0  # metres

Numbers = NDArray[np.floating[Any]]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Squares:
    """``cols`` times ``rows`` squares from the lower left corner on, numbered row by row."""

    left: float
    bottom: float
    side: float  # metres
    cols: int
    rows: int

    @classmethod
    def over(cls, bounds: Numbers, count: int) -> "Squares":
        """Return about ``count`` squares over these bounds and a little more."""
        west, south, east, north = map(float, bounds)
        left, bottom = west - 1, south - 1
        width, height = east + 1 - left, north + 1 - bottom
        side = max(sqrt(width * height / count), max(width, height) / count, LEAST_SIDE)
        return cls(left, bottom, side, ceil(width / side), ceil(height / side))

    def row(self, y: Numbers) -> Indices:
        """Return the rows in which these lie; by the same sum as everywhere, so that none falls between."""
        rows: Indices = np.floor((y - self.bottom) / self.side).astype(np.int64)
        return rows

    def middles(self, squares: Indices) -> tuple[Numbers, Numbers]:
        """Return the middles of these squares."""
        x = self.left + (squares % self.cols + 0.5) * self.side
        return x, self.bottom + (squares // self.cols + 0.5) * self.side

    def under(self, bounds: Numbers) -> Indices:
        """Return every square that these bounds reach."""
        left, right = np.clip(self._col(bounds[[0, 2]]), 0, self.cols - 1)
        low, high = np.clip(self.row(bounds[[1, 3]]), 0, self.rows - 1)
        whole = np.arange(low, high + 1)[:, None] * self.cols + np.arange(left, right + 1)
        return whole.ravel()

    def meetings(self, lines: Numbers, reach: Numbers) -> tuple[Indices, Indices]:
        """Return pairs of a line (x0, y0, x1, y1) and a square with a point nearer to it than its reach.

        No such pair is left out; a few that only nearly meet may be among them.
        """
        reach = reach + MARGIN
        low = np.clip(self.row(np.minimum(lines[:, 1], lines[:, 3]) - reach), 0, self.rows)
        high = np.clip(self.row(np.maximum(lines[:, 1], lines[:, 3]) + reach), -1, self.rows - 1)
        which, row = _spread(low, high)
        west, east = _width_in_row(lines[which], self.bottom + row * self.side, self.side, reach[which])
        first = np.clip(self._col(west), 0, self.cols)
        last = np.clip(self._col(east), -1, self.cols - 1)
        pair, col = _spread(first, last)
        return which[pair], row[pair] * self.cols + col

    def _col(self, x: Numbers) -> Indices:
        cols: Indices = np.floor((x - self.left) / self.side).astype(np.int64)
        return cols


def lines_of(shapes: list[shapely.Geometry]) -> tuple[Indices, Numbers]:
    """Return every straight piece (x0, y0, x1, y1) of lines or of borders, and whose it is."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    if len(parts) and shapely.get_dimensions(parts).max() > 1:
        parts, whose = shapely.get_rings(parts, return_index=True)
        owners = owners[whose]
    points, index = shapely.get_coordinates(parts, return_index=True)
    joined = index[1:] == index[:-1]
    pieces: Numbers = np.hstack([points[:-1], points[1:]])[joined]
    return owners[index[:-1][joined]], pieces


def _spread(first: Indices, last: Indices) -> tuple[Indices, Indices]:
    """Return (index, value) for every whole value from first[index] to last[index]."""
    counts = np.maximum(last - first + 1, 0)
    index = np.repeat(np.arange(len(counts)), counts)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return index, first[index] + np.arange(len(index)) - before


def _width_in_row(lines: Numbers, low: Numbers, side: float, reach: Numbers) -> tuple[Numbers, Numbers]:
    """Return from where to where the lines can be felt within rows that begin at ``low``."""
    x, y, dx, dy = lines[:, 0], lines[:, 1], lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    slope = np.where(dy == 0, 1.0, dy)
    since = np.where(dy == 0, 0.0, np.clip((low - reach - y) / slope, 0, 1))
    until = np.where(dy == 0, 1.0, np.clip((low + side + reach - y) / slope, 0, 1))
    one, other = x + since * dx, x + until * dx
    return np.minimum(one, other) - reach, np.maximum(one, other) + reach
