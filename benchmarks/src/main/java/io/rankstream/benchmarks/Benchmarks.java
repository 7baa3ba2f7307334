package io.rankstream.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. They report; nothing in them is asserted. */
@Command(
        name = "benchmarks",
        description = "Measures Rankstream on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            StreamBenchmark.class,
            BaselinesBenchmark.class,
            SwitchBenchmark.class,
            StepBenchmark.class,
            SharesBenchmark.class,
            MicroBenchmark.class,
            PipelineBenchmark.class,
            LatencyBenchmark.class,
            ProfileBenchmark.class,
            CheckpointBenchmark.class,
            FleetBenchmark.class,
            MemoryBenchmark.class,
            PublishedLogits.class,
            TrainingPeer.class
        })
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }
}
