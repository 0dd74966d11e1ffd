"""Who erases, as entries say it: the product, from the command line; whoever typed the command is not told apart there."""

from upheld.ledger.entry import Actor

CLI = Actor("system", "upheld", "cli")
