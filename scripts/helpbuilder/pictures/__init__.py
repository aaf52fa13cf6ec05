"""The small pictures on the help pages, drawn from what the nodes really give out for the sample characters."""
