"""The law as data and the dates that follow from it: no database, no clock, no Flask."""
