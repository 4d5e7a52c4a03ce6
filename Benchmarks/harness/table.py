"""The table of figures: one row a comparison, with its target where there is one."""

import dataclasses
import typing

_LINE = "{:<54} {:>12} {:>12} {:>9}  {:<12} {}"


@dataclasses.dataclass
class Target:
    """What a row has to show: at most or at least a value of the ratio, the difference or ours."""

    of: str
    bound: str
    value: float
    unit: str = ""

    def __str__(self):
        sign = "≤" if self.bound == "most" else "≥"
        plus = "+" if self.of == "difference" else ""
        cross = "×" if self.of == "ratio" else ""
        return f"{sign} {plus}{self.value:g}{cross}{self.unit and ' ' + self.unit}"


@dataclasses.dataclass
class Row:
    """One comparison: our median and the peer's, in a unit."""

    name: str
    unit: str
    ours: float
    peer: typing.Optional[float] = None
    target: typing.Optional[Target] = None

    @property
    def ratio(self):
        return self.ours / self.peer if self.peer else None

    @property
    def verdict(self):
        if not self.target:
            return ""
        value = {
            "ours": self.ours,
            "ratio": self.ratio,
            "difference": self.ours - (self.peer or 0),
        }[self.target.of]
        passes = value <= self.target.value
        if self.target.bound == "least":
            passes = value >= self.target.value
        return "pass" if passes else "miss"

    def __str__(self):
        shown = f"{self.ratio:.3f}" if self.ratio is not None else ""
        if self.target and self.target.of == "difference":
            shown = f"{self.ours - self.peer:+.2f}"
        return _LINE.format(
            self.name, _figure(self.ours, self.unit), _figure(self.peer, self.unit), shown,
            str(self.target or ""), self.verdict).rstrip()


class Table:
    """The rows of one run; each is printed when it is there."""

    def __init__(self, machine):
        self.machine = machine
        self.rows = []
        self.failures = {}

    def add(self, row):
        self.rows.append(row)
        print(row, flush=True)

    def fail(self, name, reason):
        self.failures[name] = reason
        print(f"{name}: not measured: {reason}", flush=True)

    def head(self):
        facts = "\n".join(f"{name}: {value}" for name, value in self.machine.items() if value)
        columns = _LINE.format("", "ours", "peer", "ratio", "target", "").rstrip()
        return f"{facts}\n\n{columns}"

    def foot(self):
        missed = [row.name for row in self.rows if row.verdict == "miss"]
        passed = sum(row.verdict == "pass" for row in self.rows)
        return ["", f"{passed} targets passed, {len(missed)} missed"]

    def values(self):
        rows = [
            {
                "name": row.name, "unit": row.unit, "ours": row.ours, "peer": row.peer,
                "ratio": row.ratio, "target": str(row.target) if row.target else None,
                "verdict": row.verdict or None,
            }
            for row in self.rows
        ]
        return {"machine": self.machine, "rows": rows, "failures": self.failures}


def _figure(value, unit):
    if value is None:
        return "–"
    digits = 0 if value >= 1000 else 1 if value >= 100 else 2
    return f"{value:.{digits}f} {unit}"
