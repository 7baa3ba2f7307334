package io.rankstream.job.savepoint;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.job.Learning;
import io.rankstream.job.Uids;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import io.rankstream.job.train.TrainOutputs;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.TrainingReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * The two operators with adapters' state, over a tiny model, and the same training without them.
 */
final class TinyJob {

    static final int EXAMPLES_PER_STEP = 4;

    static final TrainingTemplate TEMPLATE = Examples.TEMPLATE;

    private static final TrainingTemplate OF_NUMBERS =
            TrainingTemplate.of(new Regression())
                    .initRank(TEMPLATE.initRank())
                    .alpha(TEMPLATE.alpha())
                    .dropout(TEMPLATE.dropout())
                    .schedule(TEMPLATE.schedule())
                    .build();

    /** Adapters that learn a number of a pair of texts; all others learn labels. */
    private static final List<String> NUMBERS = List.of("price", "rent");

    private static final int FIRST_TOKEN = 4;
    private static final int TOKENS = 80;
    private static final int THREADS = 1;

    private static final Duration NOT_SOON = Duration.ofHours(1);

    private final ModelSource model;
    private final int bundleTokens;

    TinyJob(ModelSource model) {
        this(model, 0);
    }

    private TinyJob(ModelSource model, int bundleTokens) {
        this.model = model;
        this.bundleTokens = bundleTokens;
    }

    /** The same with micro-batches that wait until their adapter's next one is there. */
    TinyJob bundling() {
        return new TinyJob(model, 1_000_000);
    }

    static boolean isOfNumbers(String adapterId) {
        return NUMBERS.contains(adapterId);
    }

    private static TrainingTemplate template(String adapterId) {
        return isOfNumbers(adapterId) ? OF_NUMBERS : TEMPLATE;
    }

    /** Options of a local cluster. */
    static Configuration configuration(String backend) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.MAX_PARALLELISM, 128);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        return configuration;
    }

    /** Examples of the given adapters in turn, the same for the same arguments. */
    static List<EncodedExample> examples(int count, String... adapterIds) {
        SplittableRandom random = new SplittableRandom(11);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens =
                    random.ints(3 + random.nextInt(6), FIRST_TOKEN, FIRST_TOKEN + TOKENS).toArray();
            String adapterId = adapterIds[i % adapterIds.length];
            int label = random.nextInt(2);
            EncodedExample example = Examples.of(adapterId, i, label, tokens);
            examples.add(
                    isOfNumbers(adapterId)
                            ? Examples.with(new Target.Numeric(label), example)
                            : example);
        }
        return examples;
    }

    /** Micro-batch and train, under the names that savepoints know. */
    SingleOutputStreamOperator<TrainingReport> train(DataStream<EncodedExample> examples) {
        Learning learning =
                new Learning(
                        new BatchSettings(EXAMPLES_PER_STEP, 1000, Duration.ZERO, 1),
                        new ModelSettings(model, 64, THREADS, DeviceSetting.parse("cpu"), null),
                        new TrainSettings(1, 1_000, bundleTokens, NOT_SOON),
                        adapters(),
                        new PublishSettings("unused", 1_000_000),
                        1,
                        Defaults.CURRENT);
        return learning.train(
                        learning.microBatches(
                                        examples.keyBy(EncodedExample::adapterId, Types.STRING),
                                        Learning.ofCommands(Commands.none(examples)))
                                .uid(Uids.MICRO_BATCH))
                .uid(Uids.TRAIN);
    }

    private static ConfiguredAdapters adapters() {
        ConfiguredAdapters adapters = Examples.any(TEMPLATE);
        for (String adapterId : NUMBERS) {
            adapters = adapters.with(adapterId, new AdapterSettings(OF_NUMBERS));
        }
        return adapters;
    }

    /** Continues from a savepoint with more examples until they end; the adapters at the end. */
    @SuppressWarnings("try") // Flink's iterator declares that closing throws any exception
    Map<String, AdapterState> resume(String backend, String savepoint, List<EncodedExample> more)
            throws Exception {
        Configuration configuration = configuration(backend);
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        Map<String, AdapterState> last = new TreeMap<>();
        try (CloseableIterator<AdapterRelease> releases =
                train(environment.fromData(more, EncodedExampleSerializer.TYPE))
                        .getSideOutput(TrainOutputs.RELEASES)
                        .executeAndCollect()) {
            releases.forEachRemaining(
                    release -> last.put(release.state().meta().adapterId(), release.state()));
        }
        return last;
    }

    /** What an adapter becomes by these micro-batches, trained by the learner itself. */
    AdapterState learned(AdapterState start, List<EncodedExample> examples) throws Exception {
        try (Learner learner = Learner.open(model, THREADS);
                ResidentAdapter adapter =
                        learner.admit(start, template(start.meta().adapterId()))) {
            for (int i = 0; i < examples.size(); i += EXAMPLES_PER_STEP) {
                adapter.train(
                        examples
                                .subList(i, Math.min(i + EXAMPLES_PER_STEP, examples.size()))
                                .stream()
                                .map(TinyJob::trainingExample)
                                .toList());
            }
            return adapter.capture();
        }
    }

    /** A new adapter before its first step. */
    AdapterState fresh(String adapterId) throws Exception {
        try (Learner learner = Learner.open(model, THREADS)) {
            return learner.create(adapterId, template(adapterId));
        }
    }

    static List<EncodedExample> of(String adapterId, List<EncodedExample> examples) {
        return examples.stream().filter(each -> each.adapterId().equals(adapterId)).toList();
    }

    private static TrainingExample trainingExample(EncodedExample example) {
        return new TrainingExample(example.tokens(), example.target());
    }
}
