package unfold.bench;

/// How long is measured.
///
/// @param warmSeconds of steps that do not count, in which Java's loops are compiled
/// @param runs timed blocks, of which the median counts
record Pace(double warmSeconds, int runs) {}
