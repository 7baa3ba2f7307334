package io.rankstream.ops.top;

import java.util.List;

/**
 * How all adapters of a job do.
 *
 * @param adapters the busiest first
 * @param refusedOfNobody dead letters whose adapter is not known
 * @param unreadable records that this release cannot read
 * @param cut topics of which only the newest records were looked at
 */
public record TopView(
        List<AdapterLine> adapters, long refusedOfNobody, long unreadable, List<String> cut) {

    public TopView {
        adapters = List.copyOf(adapters);
        cut = List.copyOf(cut);
    }
}
