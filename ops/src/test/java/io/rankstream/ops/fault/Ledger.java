package io.rankstream.ops.fault;

import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What was sent to the one partition of a job's input.
 *
 * @param examples id of each example that can be trained on, by its offset
 * @param bad offsets of the records that cannot
 */
record Ledger(SortedMap<Long, String> examples, SortedSet<Long> bad) {}
