"""Facts as typed tables kept through time: contracts, collections, history, frames. Knows no Django."""
