package io.rankstream.benchmarks;

import io.rankstream.benchmarks.baseline.BaselinesBenchmark;
import io.rankstream.benchmarks.drift.DriftBenchmark;
import io.rankstream.benchmarks.drift.SwitchBenchmark;
import io.rankstream.benchmarks.fleet.FleetBenchmark;
import io.rankstream.benchmarks.fleet.FleetBudgetBenchmark;
import io.rankstream.benchmarks.job.CheckpointBenchmark;
import io.rankstream.benchmarks.job.LabelsBenchmark;
import io.rankstream.benchmarks.job.LatencyBenchmark;
import io.rankstream.benchmarks.job.MemoryBenchmark;
import io.rankstream.benchmarks.job.PipelineBenchmark;
import io.rankstream.benchmarks.job.PredictBenchmark;
import io.rankstream.benchmarks.job.StreamBenchmark;
import io.rankstream.benchmarks.loop.LoopBenchmark;
import io.rankstream.benchmarks.profile.ProfileBenchmark;
import io.rankstream.benchmarks.select.SelectBenchmark;
import io.rankstream.benchmarks.serve.ServeBenchmark;
import io.rankstream.benchmarks.serve.ServedFolder;
import io.rankstream.benchmarks.step.EncoderVectors;
import io.rankstream.benchmarks.step.LoadBenchmark;
import io.rankstream.benchmarks.step.MicroBenchmark;
import io.rankstream.benchmarks.step.PublishedLogits;
import io.rankstream.benchmarks.step.PublishedVersions;
import io.rankstream.benchmarks.step.SharesBenchmark;
import io.rankstream.benchmarks.step.StepBenchmark;
import io.rankstream.benchmarks.step.TokenIds;
import io.rankstream.benchmarks.step.TrainingPeer;
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
            DriftBenchmark.class,
            SelectBenchmark.class,
            StepBenchmark.class,
            LoadBenchmark.class,
            SharesBenchmark.class,
            MicroBenchmark.class,
            PipelineBenchmark.class,
            LatencyBenchmark.class,
            PredictBenchmark.class,
            LabelsBenchmark.class,
            ProfileBenchmark.class,
            CheckpointBenchmark.class,
            LoopBenchmark.class,
            FleetBenchmark.class,
            FleetBudgetBenchmark.class,
            MemoryBenchmark.class,
            ServeBenchmark.class,
            ServedFolder.class,
            PublishedLogits.class,
            PublishedVersions.class,
            EncoderVectors.class,
            TokenIds.class,
            TrainingPeer.class
        })
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }
}
