package io.rankstream.job.simulation;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A configuration and what happens under it, up to the end of the stream. */
record Scenario(SimulationSetup setup, List<SimulationEvent> events) {

    @Override
    public String toString() {
        return IntStream.range(0, events.size())
                .mapToObj(i -> "%n%3d  %s".formatted(i + 1, events.get(i)))
                .collect(Collectors.joining("", setup.toString(), ""));
    }
}
