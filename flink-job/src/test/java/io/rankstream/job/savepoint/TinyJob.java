package io.rankstream.job.savepoint;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** Adapters of other tasks than the others, which learn one label of a text. */
    private static final Map<String, TrainingTemplate> OTHERS =
            Map.of(
                    "answers", template(new QuestionAnswering()),
                    "names", template(new TokenClassification(), "O", "B-PER", "I-PER"),
                    "price", template(new Regression()),
                    "rent", template(new Regression()),
                    "themes", template(Tasks.of("multi-label-classification"), "ham", "spam"));

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

    private static TrainingTemplate template(Task<?> task, String... labels) {
        return TrainingTemplate.of(task)
                .labels(List.of(labels))
                .initRank(TEMPLATE.initRank())
                .alpha(TEMPLATE.alpha())
                .dropout(TEMPLATE.dropout())
                .schedule(TEMPLATE.schedule())
                .build();
    }

    private static TrainingTemplate template(String adapterId) {
        return OTHERS.getOrDefault(adapterId, TEMPLATE);
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
            examples.add(taught(adapterId, label, Examples.of(adapterId, i, label, tokens)));
        }
        return examples;
    }

    /** The same as its adapter's task wants it. */
    private static EncodedExample taught(String adapterId, int label, EncodedExample example) {
        return switch (adapterId) {
            case "price", "rent" -> Examples.with(new Target.Numeric(label), example);
            case "themes" -> Examples.with(several(label, new Target.Label("spam")), example);
            case "names" -> placed(0, several(label, new Target.Span(0, 1, "PER")), example);
            case "answers" -> placed(1, several(label, new Target.Span(2, 3)), example);
            default -> example;
        };
    }

    private static Target several(int count, Target member) {
        return new Target.Several(Collections.nCopies(count, member));
    }

    /** With a character for each token, and blanks between them. */
    private static EncodedExample placed(int outside, Target target, EncodedExample example) {
        int[] ids = example.tokens().ids();
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            starts[i] = i < outside ? Passage.OUTSIDE : 2 * i;
            ends[i] = i < outside ? Passage.OUTSIDE : 2 * i + 1;
        }
        Passage passage = new Passage("a ".repeat(ids.length), starts, ends, List.of());
        return Examples.with(
                target,
                new EncodedExample(
                        example.id(),
                        example.adapterId(),
                        example.target(),
                        example.eventTime(),
                        new Tokens(ids, ids.length, false, new int[0], Optional.of(passage)),
                        example.origin()));
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
        for (String adapterId : new TreeSet<>(OTHERS.keySet())) {
            adapters = adapters.with(adapterId, new AdapterSettings(template(adapterId)));
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
