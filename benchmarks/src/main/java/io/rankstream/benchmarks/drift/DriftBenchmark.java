package io.rankstream.benchmarks.drift;

import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.benchmarks.measure.BareLoop;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.workload.MailConfig;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.ops.demo.MailStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How methods fare over streams that stay as they are, and over such that change. */
@Command(
        name = "drift",
        description = {
            "Prequential accuracy over whole streams and after each change: mails in their order or"
                    + " by chance, topics that change at once, by and by and back again, and labels"
                    + " that exchange their meaning."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class DriftBenchmark implements Callable<Integer> {

    private enum Stream {
        SPAM,
        LIST,
        SHUFFLED,
        TOPIC,
        GRADUAL,
        RECURRING,
        SWAP,
        /** Files alone. */
        NONE
    }

    private enum Method {
        /** The defaults. */
        ADALORA,
        /** The paper's schedule, which ends with the stream. */
        FINITE,
        LORA,
        /** The defaults, and one kept example is learned from again for two new ones. */
        ADALORA_REPLAY,
        LORA_REPLAY,
        HEAD,
        /** The defaults, of an adapter that begins at the first change. */
        FRESH
    }

    private static final String REPLAY = "replay.share: .5";

    @Option(names = "--streams", split = ",", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Stream> streams = List.of(Stream.values());

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "One more stream: JSON lines with text, label, and change: true after one.")
    private List<Path> files = List.of();

    @Option(
            names = "--flip",
            paramLabel = "FILE",
            description = "The same, but half-way every other label takes another's meaning.")
    private List<Path> flips = List.of();

    @Option(names = "--methods", split = ",", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Method> methods = List.of(Method.ADALORA);

    @Option(
            names = "--mixture",
            arity = "1",
            split = ",",
            description = "Whether the online head and the words speak too, or the head alone.")
    private List<Boolean> mixtures = List.of(true, false);

    @Option(
            names = "--probe",
            description =
                    "Holds out every tenth example before the first change, and asks about them just"
                            + " before it, 400 examples later and at the end.")
    private boolean probe;

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Option(names = "--batch-sizes", split = ",", description = "Examples a step.")
    private List<Integer> batchSizes = List.of(16);

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(names = "--seeds", split = ",", description = "Seeds.")
    private List<Long> seeds = List.of(42L);

    @Option(
            names = "--set",
            paramLabel = "KEY: VALUE",
            description = "Training option, e.g. --set 'optimizer.learning-rate: 1e-3'.")
    private List<String> overrides = List.of();

    @Option(
            names = "--write",
            paramLabel = "FOLDER",
            description = "Writes the streams there, for river/run.py, and trains nothing.")
    private Optional<Path> folder = Optional.empty();

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        List<LabeledStream> all = allStreams();
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
            for (LabeledStream stream : all) {
                stream.write(folder.get());
            }
            return 0;
        }
        System.out.println(DriftFigures.HEADER);
        List<DriftFigures> figures = new ArrayList<>();
        for (LabeledStream stream : all) {
            for (int batchSize : batchSizes) {
                for (long seed : seeds) {
                    for (Method method : methods) {
                        for (boolean mixture : mixtures) {
                            run(stream, method, mixture, batchSize, seed).ifPresent(figures::add);
                            json.write(figures);
                        }
                    }
                }
            }
        }
        return 0;
    }

    private List<LabeledStream> allStreams() throws IOException {
        MailStream mails = MailStream.open();
        List<LabeledStream> all = new ArrayList<>();
        for (Stream stream : streams) {
            switch (stream) {
                case SPAM -> all.add(LabeledStream.natural(mails, MailStream.SPAM_ADAPTER));
                case LIST -> all.add(LabeledStream.natural(mails, MailStream.LIST_ADAPTER));
                case SHUFFLED -> all.add(LabeledStream.shuffled(mails));
                case TOPIC -> all.add(LabeledStream.topic(mails));
                case GRADUAL -> all.add(LabeledStream.gradual(mails));
                case RECURRING -> all.add(LabeledStream.recurring(mails));
                case SWAP -> all.add(LabeledStream.swap(mails));
                case NONE -> {}
            }
        }
        for (Path file : files) {
            all.add(LabeledStream.read(file));
        }
        for (Path file : flips) {
            all.add(LabeledStream.read(file).flipped());
        }
        return probe ? all.stream().map(LabeledStream::probed).toList() : all;
    }

    /** Empty where a fresh adapter has no change to begin at. */
    private Optional<DriftFigures> run(
            LabeledStream whole, Method method, boolean mixture, int batchSize, long seed)
            throws ConfigException, IOException {
        if (method == Method.FRESH && whole.changes().isEmpty()) {
            return Optional.empty();
        }
        LabeledStream stream = method == Method.FRESH ? whole.afterFirstChange() : whole;
        List<String> lines = new ArrayList<>(List.of("seed: " + seed, "mixture: " + mixture));
        lines.addAll(settings(method, (stream.examples().size() + batchSize - 1) / batchSize));
        lines.addAll(overrides);
        JobConfig config =
                MailConfig.of(
                        stream.labels(), maxLength, batchSize, threads, MailConfig.CPU, lines);
        List<Boolean> hits = new ArrayList<>();
        Optional<FrozenProbe> frozen = frozenProbe(stream, config);
        int size = stream.examples().size();
        BareLoop.Run run =
                BareLoop.run(
                        config,
                        stream.examples(),
                        (adapter, of) -> {
                            hits.addAll(of);
                            int trained = hits.size();
                            frozen.ifPresent(
                                    asked ->
                                            asked.trained(
                                                    adapter,
                                                    trained,
                                                    batchSize,
                                                    trained + batchSize > size));
                        });
        String told = method.name().toLowerCase(Locale.ROOT) + (mixture ? "" : ", head");
        DriftFigures figures = DriftFigures.of(stream, told, batchSize, seed, hits, frozen, run);
        System.out.println(figures);
        return Optional.of(figures);
    }

    private static Optional<FrozenProbe> frozenProbe(LabeledStream stream, JobConfig config)
            throws IOException {
        if (stream.probe().isEmpty()) {
            return Optional.empty();
        }
        try (TextEncoder encoder =
                TextEncoder.open(config.model().source(), config.model().maxLength())) {
            return Optional.of(new FrozenProbe(stream, encoder));
        }
    }

    private static List<String> settings(Method method, int steps) {
        return switch (method) {
            case ADALORA, FRESH -> List.of();
            case FINITE ->
                    List.of(
                            "budget.schedule: finite",
                            "budget.total-steps: " + steps,
                            "budget.final-steps: " + steps / 3);
            case ADALORA_REPLAY -> List.of(REPLAY);
            case LORA -> List.of("method: lora");
            case LORA_REPLAY -> List.of("method: lora", REPLAY);
            case HEAD -> List.of("method: head");
        };
    }
}
