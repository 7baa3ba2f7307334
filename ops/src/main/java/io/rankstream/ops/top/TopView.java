package io.rankstream.ops.top;

import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.JobOutputs;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.LoopLine;
import io.rankstream.ops.standing.Standings;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How all adapters of a job do.
 *
 * @param adapters the busiest first
 * @param refusedOfNobody dead letters whose adapter is not known
 * @param unreadable records that this release cannot read
 * @param cut topics of which only the newest records were looked at
 * @param job what the job itself does
 */
public record TopView(
        List<AdapterLine> adapters,
        long refusedOfNobody,
        long unreadable,
        List<String> cut,
        JobSight.Seen job) {

    private static final Comparator<Map.Entry<Instant, AdapterLine>> BUSIEST_FIRST =
            Comparator.<Map.Entry<Instant, AdapterLine>>comparingDouble(
                            entry -> -rate(entry.getValue()))
                    .thenComparing(Map.Entry::getKey, Comparator.reverseOrder())
                    .thenComparing(entry -> entry.getValue().id());

    private static double rate(AdapterLine line) {
        return line.rate() + line.loop().map(LoopLine::rate).orElse(0.0);
    }

    public TopView {
        adapters = List.copyOf(adapters);
        cut = List.copyOf(cut);
    }

    /**
     * How they do.
     *
     * @param outputs where that was read
     * @param sight looks for the job where nothing was learned lately
     * @param now end of the last minute
     */
    public static TopView of(Standings standings, JobOutputs outputs, JobSight sight, Instant now)
            throws InterruptedException {
        List<AdapterLine> lines =
                standings.adapters().stream()
                        .map(adapter -> Map.entry(adapter.active(), adapter.line(now)))
                        .sorted(BUSIEST_FIRST)
                        .map(Map.Entry::getValue)
                        .toList();
        return new TopView(
                lines,
                standings.refusedOfNobody(),
                outputs.unreadable(),
                List.copyOf(outputs.cut()),
                sight.see(standings.newest(), now));
    }
}
