package io.rankstream.ops.summary;

import java.time.Duration;

/**
 * How far a run was.
 *
 * @param elapsed time since its start
 * @param done examples by then
 */
public record Mark(Duration elapsed, long done) {}
