"""How often things come together, in whole numbers: those of the parts of a set add up to those of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Counts(NamedTuple):
    """`number[i]`: one or more counts of `row[i]` with `column[i]`; each pair once, in that order."""

    row: np.ndarray
    column: np.ndarray
    number: np.ndarray

    def renumbered(self, rows: np.ndarray, columns: np.ndarray) -> Counts:
        """Row r becomes `rows[r]`, column c `columns[c]`."""
        return Counts(rows[self.row], columns[self.column], self.number)


def counted(row: np.ndarray, column: np.ndarray, number: np.ndarray) -> Counts:
    """`number`: (N, kinds), what each occurrence counts for."""
    width = int(column.max(initial=0)) + 1
    pair, of = np.unique(row.astype(np.int64) * width + column, return_inverse=True)
    return Counts(pair // width, pair % width, summed(of, number, len(pair)))


def summed(of: np.ndarray, number: np.ndarray, length: int) -> np.ndarray:
    """(length, kinds): the sums of the rows of `number` that `of` sends to each place."""
    # A sum in float64 is exact up to 2^53.
    columns = [np.bincount(of, column, minlength=length).astype(np.int64) for column in number.T]
    return np.stack(columns, axis=1)


def added(parts: Sequence[Counts]) -> Counts:
    row, column, number = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return counted(row, column, number)


def placed(table: np.ndarray, rows: np.ndarray, height: int) -> np.ndarray:
    """The rows of `table` at `rows` of a table that is `height` high and otherwise 0."""
    out = np.zeros((height, *table.shape[1:]), table.dtype)
    out[rows] = table
    return out
