package io.rankstream.benchmarks.drift;

import io.rankstream.adapters.task.Outcomes;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.ops.demo.MailStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an adapter is right in with a mixture, beside its head alone and words alone. */
@Command(
        name = "mixture",
        description = {
            "Prequential accuracy over whole streams and after a change, with a mixture and with the"
                    + " head alone: mails in their order, a switch of topic, and labels that"
                    + " exchange their meaning."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class MixtureBenchmark implements Callable<Integer> {

    private enum Stream {
        SPAM,
        LIST,
        TOPIC,
        SWAP
    }

    @Option(names = "--streams", split = ",", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Stream> streams = List.of(Stream.values());

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "One more stream: JSON lines with text and label.")
    private List<Path> files = List.of();

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Option(names = "--batch-sizes", split = ",", description = "Examples a step.")
    private List<Integer> batchSizes = List.of(16);

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(names = "--seeds", split = ",", description = "Seeds.")
    private List<Long> seeds = List.of(42L);

    @Override
    public Integer call() throws Exception {
        System.out.printf(
                "%-10s %5s %5s %-10s %6s %8s %8s %8s %9s  %-31s %6s%n",
                "stream",
                "batch",
                "seed",
                "says",
                "all",
                "from 100",
                "2nd half",
                "last 1k",
                "first 100",
                "50, 100, 200, 400 after change",
                "ex/s");
        MailStream mails = MailStream.open();
        List<LabeledStream> all = new ArrayList<>();
        for (Stream stream : streams) {
            all.add(
                    switch (stream) {
                        case SPAM -> LabeledStream.natural(mails, MailStream.SPAM_ADAPTER);
                        case LIST -> LabeledStream.natural(mails, MailStream.LIST_ADAPTER);
                        case TOPIC -> LabeledStream.topic(mails);
                        case SWAP -> LabeledStream.swap(mails);
                    });
        }
        for (Path file : files) {
            all.add(LabeledStream.read(file));
        }
        for (LabeledStream stream : all) {
            for (int batchSize : batchSizes) {
                for (long seed : seeds) {
                    run(stream, batchSize, seed, true);
                    run(stream, batchSize, seed, false);
                }
            }
        }
        return 0;
    }

    private void run(LabeledStream stream, int batchSize, long seed, boolean mixture)
            throws ConfigException, IOException {
        JobConfig config =
                MailConfig.of(
                        stream.labels(),
                        maxLength,
                        batchSize,
                        threads,
                        DeviceSetting.parse("cpu"),
                        List.of("seed: " + seed, "mixture: " + mixture));
        List<Boolean> hits = new ArrayList<>();
        BareLoop.Run run =
                BareLoop.run(config, stream.examples(), (adapter, of) -> hits.addAll(of));
        print(stream, batchSize, seed, mixture ? "all voices" : "head alone", hits, run);
        PrequentialScore score = run.adapters().values().iterator().next().score();
        score.parts().forEach((part, outcomes) -> print(part, outcomes));
    }

    private static void print(
            LabeledStream stream,
            int batchSize,
            long seed,
            String who,
            List<Boolean> hits,
            BareLoop.Run run) {
        int size = hits.size();
        StringBuilder after = new StringBuilder();
        for (int count : new int[] {50, 100, 200, 400}) {
            if (stream.change().isPresent()) {
                int change = stream.change().getAsInt();
                after.append(share(hits, change, change + count)).append("  ");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-10s %5d %5d %-10s %6s %8s %8s %8s %9s  %-31s %6.1f%n",
                stream.name(),
                batchSize,
                seed,
                who,
                share(hits, 0, size),
                share(hits, 100, size),
                share(hits, size / 2, size),
                share(hits, size - 1000, size),
                share(hits, 0, 100),
                after,
                run.examplesPerSecond());
    }

    private static void print(String part, Outcomes outcomes) {
        System.out.printf(
                Locale.ROOT,
                "%-10s %5s %5s %-10s %6.4f %8s %8s %8.4f%n",
                "",
                "",
                "",
                part,
                outcomes.share(),
                "",
                "",
                outcomes.recentShare());
    }

    private static String share(List<Boolean> hits, int from, int to) {
        List<Boolean> some = hits.subList(Math.max(0, from), Math.min(to, hits.size()));
        long right = some.stream().filter(hit -> hit).count();
        return String.format(Locale.ROOT, "%.4f", right / (double) some.size());
    }
}
