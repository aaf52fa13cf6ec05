"""How good a composite is, in figures that anybody can compute again: no weights, no opinions."""
