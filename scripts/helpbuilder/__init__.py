"""Help pages and translations of every node, from what the node says of itself and what a person wrote about it."""
