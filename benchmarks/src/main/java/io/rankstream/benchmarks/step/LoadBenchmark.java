package io.rankstream.benchmarks.step;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.training.Learner;
import io.rankstream.benchmarks.measure.DeviceOption;
import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.benchmarks.measure.ResidentMemory;
import io.rankstream.benchmarks.workload.RandomModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What loading a base model takes: time, and memory beside the model itself. */
@Command(
        name = "load",
        description =
                "Time and peak memory of loading a random BERT; its default sizes are BERT-large's.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class LoadBenchmark implements Callable<Integer> {

    private static final double MEBIBYTE = 1 << 20;

    /**
     * What was measured, in MiB.
     *
     * @param model the weights in 32 bits
     * @param before resident memory of the process, libtorch loaded
     * @param peak most that was resident while it was loaded
     * @param after resident memory with the model
     */
    private record Figures(double model, double before, double peak, double after, double seconds) {
        double peakOverModel() {
            return (peak - before) / model;
        }
    }

    @Option(names = "--layers", description = "Encoder layers.")
    private int layers = 24;

    @Option(names = "--hidden", description = "Features of a token vector, a multiple of 64.")
    private int hidden = 1024;

    @Option(names = "--vocabulary", description = "Token ids.")
    private int vocabulary = 30_522;

    @Option(names = "--type", description = "How weights are stored: ${COMPLETION-CANDIDATES}.")
    private RandomModel.Type type = RandomModel.Type.F32;

    @Option(names = "--files", description = "Files that the weights are split over.")
    private int files = 1;

    @Mixin private DeviceOption device;

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    public Integer call() throws Exception {
        BertConfig sizes =
                new BertConfig(vocabulary, hidden, layers, hidden / 64, 4 * hidden, 512, 2, 1e-12f);
        RandomModel model = new RandomModel(sizes, type, files);
        Path directory = Files.createTempDirectory("rankstream-load");
        try {
            model.writeTo(directory);
            Figures figures = measure(model, directory);
            System.out.printf(
                    Locale.ROOT,
                    "%s in %d file(s): model %.0f MiB in 32 bits, loaded in %.1f s; resident %.0f MiB before,"
                            + " %.0f at most, %.0f after; at most %.2f times the model%n",
                    type,
                    files,
                    figures.model(),
                    figures.seconds(),
                    figures.before(),
                    figures.peak(),
                    figures.after(),
                    figures.peakOverModel());
            json.write(List.of(figures));
        } finally {
            delete(directory);
        }
        return 0;
    }

    private Figures measure(RandomModel model, Path directory) throws Exception {
        Path small = directory.resolve("small");
        new RandomModel(new BertConfig(100, 64, 1, 1, 64, 64, 2, 1e-12f), type, 1).writeTo(small);
        // libtorch is loaded with it, whose memory is not the model's.
        Learner.open(source(small), 0, device.place()).close();
        double before = ResidentMemory.mebibytes();
        long start = System.nanoTime();
        Learner learner = Learner.open(source(directory), 0, device.place());
        try {
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Figures(
                    model.parameters() * Float.BYTES / MEBIBYTE,
                    before,
                    ResidentMemory.peakMebibytes(),
                    ResidentMemory.mebibytes(),
                    seconds);
        } finally {
            learner.close();
        }
    }

    private static ModelSource source(Path directory) {
        return new ModelSource.Directory(directory.toString());
    }

    private static void delete(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
