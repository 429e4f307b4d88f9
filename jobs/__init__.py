"""Work done by the clock: sweeps, deliveries, rates."""
