"""Clauses of standards and laws, and crosswalks between them, as data: numbers with titles in our own words."""
