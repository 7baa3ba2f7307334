package io.rankstream.benchmarks.select;

import io.rankstream.adapters.Adapter;
import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.BaseModel;
import io.rankstream.adapters.Example;
import io.rankstream.adapters.ModelOptions;
import io.rankstream.adapters.Prediction;
import io.rankstream.benchmarks.drift.LabeledStream;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.loop.select.Draw;
import io.rankstream.job.loop.select.SelectionAccount;
import io.rankstream.job.loop.select.Selector;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What selected labels teach, beside as many at random and beside all. */
@Command(
        name = "select",
        description = {
            "Prequential accuracy over all inputs of a stream where a part of them is learned from:"
                    + " all, a random share, and what selection asks for. Labels are there at once."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class SelectBenchmark implements Callable<Integer> {

    private enum Stream {
        SPAM,
        LIST,
        /** Files alone. */
        NONE
    }

    private enum Method {
        ALL(Optional.empty()),
        RANDOM(Optional.empty()),
        MARGIN(Optional.of(LabelUtility.MARGIN)),
        ENTROPY(Optional.of(LabelUtility.ENTROPY)),
        GRADIENT(Optional.of(LabelUtility.GRADIENT));

        private final Optional<LabelUtility> utility;

        Method(Optional<LabelUtility> utility) {
            this.utility = utility;
        }
    }

    @Option(names = "--streams", split = ",", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Stream> streams = List.of(Stream.SPAM, Stream.LIST);

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "One more stream: JSON lines with text and label.")
    private List<Path> files = List.of();

    @Option(names = "--methods", split = ",", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Method> methods = List.of(Method.values());

    @Option(names = "--budget-share", description = "Share of the inputs that is asked for.")
    private double share = .1;

    @Option(names = "--uniform-share", split = ",", description = "Uniform parts of the budget.")
    private List<Double> uniformShares = List.of(.5);

    @Option(names = "--max-length", description = "Token limit of a text.")
    private int maxLength = 64;

    @Option(
            names = "--batch-size",
            description =
                    "Inputs between steps; a step learns from those of them that are labeled.")
    private int batchSize = 8;

    @Option(names = "--replay", description = "Earlier examples learned again for each new one.")
    private double replay;

    @Option(names = "--inputs", description = "Inputs of each stream at most.")
    private int inputs = Integer.MAX_VALUE;

    @Option(names = "--threads", description = "Threads that train; 0: all cores.")
    private int threads;

    @Option(names = "--seeds", split = ",", description = "Seeds of adapters and draws.")
    private List<Long> seeds = List.of(1L, 2L, 3L);

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        System.out.println(SelectFigures.HEADER);
        List<SelectFigures> figures = new ArrayList<>();
        ModelOptions options = ModelOptions.DEFAULTS.withMaxTokens(maxLength).withThreads(threads);
        try (BaseModel model = BaseModel.embedded(options)) {
            for (LabeledStream stream : allStreams()) {
                for (Method method : methods) {
                    for (double uniformShare : uniformShares(method)) {
                        for (long seed : seeds) {
                            SelectFigures of = run(model, stream, method, uniformShare, seed);
                            System.out.println(of);
                            figures.add(of);
                            json.write(figures);
                        }
                    }
                }
            }
        }
        return 0;
    }

    private List<Double> uniformShares(Method method) {
        return method.utility.isPresent() ? uniformShares : List.of(1.0);
    }

    private List<LabeledStream> allStreams() throws IOException {
        MailStream mails = MailStream.open();
        List<LabeledStream> all = new ArrayList<>();
        for (Stream stream : streams) {
            switch (stream) {
                case SPAM -> all.add(LabeledStream.natural(mails, MailStream.SPAM_ADAPTER));
                case LIST -> all.add(LabeledStream.natural(mails, MailStream.LIST_ADAPTER));
                case NONE -> {}
            }
        }
        for (Path file : files) {
            all.add(LabeledStream.read(file));
        }
        return all.stream().map(stream -> stream.first(inputs)).toList();
    }

    private SelectFigures run(
            BaseModel model, LabeledStream stream, Method method, double uniformShare, long seed) {
        String[] labels = stream.labels().values().iterator().next().toArray(String[]::new);
        AdapterTemplate template =
                AdapterTemplate.classification(labels).seed(seed).replay(replay).build();
        SelectFigures.Counting counting = new SelectFigures.Counting();
        try (Adapter adapter = model.create("select", template)) {
            if (method == Method.ALL) {
                learnAll(adapter, stream, counting);
            } else {
                Selector selector =
                        new Selector(
                                new SelectionSettings(
                                        new LabelBudget.Share(share),
                                        uniformShare,
                                        method.utility.orElse(LabelUtility.MARGIN),
                                        Integer.MAX_VALUE,
                                        seed));
                learnSelected(adapter, stream, selector, counting);
            }
        }
        return counting.figures(
                stream.name(), method.name().toLowerCase(Locale.ROOT), uniformShare, seed);
    }

    private void learnAll(Adapter adapter, LabeledStream stream, SelectFigures.Counting counting) {
        for (List<LabeledExample> block : blocks(stream)) {
            List<Prediction> said = predict(adapter, block);
            for (int i = 0; i < block.size(); i++) {
                counting.predicted(said.get(i).label(), block.get(i).getLabel().toString());
                counting.asked();
            }
            adapter.train(block.stream().map(SelectBenchmark::example).toList());
        }
    }

    private void learnSelected(
            Adapter adapter,
            LabeledStream stream,
            Selector selector,
            SelectFigures.Counting counting) {
        SelectionAccount account = SelectionAccount.NONE;
        for (List<LabeledExample> block : blocks(stream)) {
            List<Example> selected = new ArrayList<>();
            List<Prediction> said = predict(adapter, block);
            for (int i = 0; i < block.size(); i++) {
                LabeledExample example = block.get(i);
                String label = example.getLabel().toString();
                counting.predicted(said.get(i).label(), label);
                Draw draw =
                        selector.draw(
                                stream.name(),
                                example.getExampleId(),
                                said.get(i).probabilities(),
                                example.getEventTime().toEpochMilli(),
                                0,
                                account);
                account = draw.account();
                if (draw.selected()) {
                    account = account.labeled(label);
                    counting.asked();
                    selected.add(example(example));
                }
            }
            if (!selected.isEmpty()) {
                adapter.train(selected);
            }
        }
    }

    private List<List<LabeledExample>> blocks(LabeledStream stream) {
        List<LabeledExample> all =
                stream.examples().stream().filter(each -> !each.getText().isBlank()).toList();
        List<List<LabeledExample>> blocks = new ArrayList<>();
        for (int i = 0; i < all.size(); i += batchSize) {
            blocks.add(all.subList(i, Math.min(all.size(), i + batchSize)));
        }
        return blocks;
    }

    private static List<Prediction> predict(Adapter adapter, List<LabeledExample> block) {
        return adapter.predict(block.stream().map(LabeledExample::getText).toList());
    }

    private static Example example(LabeledExample example) {
        return new Example(example.getText(), example.getLabel().toString());
    }
}
