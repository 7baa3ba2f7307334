package io.rankstream.ops.summary;

import io.rankstream.ops.standing.LoopLine;
import io.rankstream.schemas.AdapterQuality;
import java.util.Optional;

/**
 * What came of an adapter's inputs without a label.
 *
 * @param inputs inputs that were predicted in the run
 * @param asked those of them that a label was asked for
 * @param labels labels that were decided in the run
 * @param quality the newest estimate of the run; empty without one
 */
public record LoopSummary(long inputs, long asked, long labels, Optional<AdapterQuality> quality) {

    static LoopSummary of(LoopLine line) {
        return new LoopSummary(line.inputs(), line.asked(), line.labels(), line.quality());
    }

    /** Whether anybody was asked, or has said something. */
    boolean asks() {
        return asked > 0 || labels > 0 || quality.isPresent();
    }
}
