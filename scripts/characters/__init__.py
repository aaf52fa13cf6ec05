"""The sample characters are drawn from rigs, one package, nothing borrowed."""
