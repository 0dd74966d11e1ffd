"""Sigma rules over events: predicates on distinct values, rules on distinct signatures. Pure: events in, detections out."""
