package io.rankstream.benchmarks.loop;

import io.rankstream.benchmarks.measure.FiguresFile;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.input.PredictedInputSerializer;
import io.rankstream.job.loop.LoopOperator;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.schemas.InputPrediction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many inputs the labeling loop keeps open on RocksDB, how fast, and what they take. */
@Command(
        name = "loop",
        description = "Inputs a second and state of the labeling loop alone, with all inputs open.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class LoopBenchmark implements Callable<Integer> {

    /**
     * What the loop was like with so many inputs.
     *
     * @param perSecond inputs a second since the row before
     * @param stateMebibytes files of RocksDB, what it has not written yet left out
     */
    private record Standing(long openInputs, double perSecond, double stateMebibytes) {}

    @Option(names = "--inputs", description = "Inputs, none of which expires.")
    private long inputs = 10_000_000;

    @Option(names = "--rows", description = "Rows of the table.")
    private int rows = 10;

    @Option(names = "--adapters", description = "Adapters that they are for.")
    private int adapters = 100;

    @Option(names = "--text", description = "Characters of a text.")
    private int text = 300;

    @Option(names = "--votes", description = "Votes an input.")
    private double votes = .1;

    @Option(names = "--managed", description = "Memory of RocksDB.")
    private String managed = "512 mb";

    @Option(names = "--folder", description = "Folder for the files of RocksDB.")
    private Path folder = Path.of("target", "loop-benchmark");

    @Mixin private FiguresFile json = new FiguresFile();

    @Override
    @SuppressWarnings("try") // the iterator declares that closing throws any exception
    public Integer call() throws Exception {
        Files.createDirectories(folder);
        System.out.printf("%12s %12s %12s%n", "inputs", "inputs/s", "state MiB");
        List<Standing> standings = new ArrayList<>();
        try (CloseableIterator<Tuple3<Long, Double, Double>> progress = progress()) {
            while (progress.hasNext()) {
                Tuple3<Long, Double, Double> row = progress.next();
                standings.add(new Standing(row.f0, row.f1, row.f2));
                print(standings.get(standings.size() - 1));
            }
        }
        json.write(standings);
        return 0;
    }

    private CloseableIterator<Tuple3<Long, Double, Double>> progress() throws Exception {
        StreamExecutionEnvironment env = environment();
        SingleOutputStreamOperator<PredictedInput> predicted =
                env.fromSequence(0, inputs - 1)
                        .process(
                                new OpenInputs(adapters, text, votes),
                                PredictedInputSerializer.TYPE);
        return predicted
                .keyBy(PredictedInput::adapterId, Types.STRING)
                .connect(
                        predicted
                                .getSideOutput(OpenInputs.VOTES)
                                .keyBy(Vote::adapterId, Types.STRING))
                .transform(
                        "loop",
                        new AvroTypeInfo<>(InputPrediction.class),
                        new LoopOperator(
                                new JoinSettings(
                                        Duration.ofDays(7),
                                        Duration.ofDays(7),
                                        1,
                                        0,
                                        false,
                                        Duration.ofDays(14),
                                        Duration.ofDays(1)),
                                new Selections(
                                        new SelectionSettings(
                                                new LabelBudget.Share(.1),
                                                .5,
                                                LabelUtility.MARGIN,
                                                1_000_000,
                                                0),
                                        new TreeMap<>()),
                                ConfiguredAdapters.NONE,
                                100))
                .process(
                        new Progress(
                                Math.max(1, inputs / rows), folder.toAbsolutePath().toString()))
                .executeAndCollect("loop");
    }

    private StreamExecutionEnvironment environment() {
        Configuration flink = new Configuration();
        flink.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        flink.set(RocksDBOptions.LOCAL_DIRECTORIES, folder.toAbsolutePath().toString());
        flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse(managed));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(1);
        env.getConfig().enableObjectReuse();
        return env;
    }

    private static void print(Standing standing) {
        System.out.printf(
                Locale.ROOT,
                "%,12d %,12.0f %,12.0f%n",
                standing.openInputs(),
                standing.perSecond(),
                standing.stateMebibytes());
    }
}
