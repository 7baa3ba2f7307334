package io.rankstream.job.stream;

import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.job.Learning;
import io.rankstream.job.batch.AdapterRequest;
import io.rankstream.job.batch.AdapterWork;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.RankstreamOptions;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.ModelSettings;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.decode.Example;
import io.rankstream.job.decode.ExampleSerializer;
import io.rankstream.job.encode.EncodeFunction;
import io.rankstream.job.encode.EncodeInputFunction;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.encode.EncodedExampleSerializer;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.encode.EncodedInputSerializer;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.InputPredictions;
import io.rankstream.job.input.InputSerializer;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.train.TrainOutputs;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.TrainingReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Learns adapters in a DataStream program. Its state is keyed by adapter and lies under the uids
 * {@code micro-batch} and {@code train} with a prefix, which keep it over savepoints: a program may
 * have several, each with a prefix of its own.
 *
 * <p>Settings that are not given have the defaults of {@code rankstream run}.
 */
public final class Rankstream {

    private final DataStream<LabeledText> examples;
    private ConfiguredAdapters adapters = ConfiguredAdapters.NONE;
    private ModelSource model = new ModelSource.Embedded();
    private int maxTokens = RankstreamOptions.MODEL_MAX_LENGTH.defaultValue();
    private int threads;
    private DeviceSetting device =
            DeviceSetting.parse(RankstreamOptions.MODEL_DEVICE.defaultValue());

    /** Null for what the process has. */
    private String engineDirectory;

    private int maxExamples = RankstreamOptions.BATCH_MAX_EXAMPLES.defaultValue();
    private Duration linger = RankstreamOptions.BATCH_LINGER.defaultValue();
    private int maxAdapters = RankstreamOptions.TRAIN_MAX_ADAPTERS.defaultValue();
    private int bundleTokens = RankstreamOptions.TRAIN_BUNDLE_TOKENS.defaultValue();
    private int firstVersion = RankstreamOptions.PUBLISH_FIRST_STEP.defaultValue();
    private int everySteps = RankstreamOptions.PUBLISH_EVERY_STEPS.defaultValue();
    private String versionFolder = "rankstream-versions";
    private DataStream<ControlCommand> commands;
    private Optional<DataStream<UnlabeledText>> unlabeled = Optional.empty();
    private String uidPrefix = "";

    private Rankstream(DataStream<LabeledText> examples) {
        this.examples = examples;
    }

    /** Begins to describe what is learned from {@code examples}. */
    public static Rankstream learn(DataStream<LabeledText> examples) {
        return new Rankstream(examples);
    }

    /** Every adapter that is not named learns with {@code template}. */
    public Rankstream template(AdapterTemplate template) {
        adapters = adapters.withOthers(new AdapterSettings(template.settings()));
        return this;
    }

    /** An adapter of that id learns with {@code template}. */
    public Rankstream adapter(String adapterId, AdapterTemplate template) {
        require(
                AdapterId.isValid(adapterId),
                "the id %s names no adapter, expected " + AdapterId.RULE,
                Excerpt.of(adapterId));
        adapters = adapters.with(adapterId, new AdapterSettings(template.settings()));
        return this;
    }

    /**
     * Base model; all-MiniLM-L6-v2, which comes with the library, unless it is given.
     *
     * @param directory a Hugging Face directory or a jar of LangChain4j, at the same place on every
     *     machine of the cluster
     */
    public Rankstream model(Path directory) {
        this.model = ModelSource.at(directory.toString());
        return this;
    }

    /** Most tokens of a text, special tokens included: 8 or more. */
    public Rankstream maxTokens(int tokens) {
        require(
                tokens >= TextEncoder.LEAST_LIMIT,
                "the most tokens of a text are %d, expected at least " + TextEncoder.LEAST_LIMIT,
                tokens);
        this.maxTokens = tokens;
        return this;
    }

    /** Threads that compute in each process; 0 takes every core. */
    public Rankstream threads(int threads) {
        require(threads >= 0, "the threads are %d, expected 0 for every core, or more", threads);
        this.threads = threads;
        return this;
    }

    /**
     * Where the base model and the adapters live; the processor unless it is given.
     *
     * @param device {@code cpu}, {@code gpu} for the GPU that Flink assigns to each process, or
     *     {@code gpu:N} for one position in every process
     */
    public Rankstream device(String device) {
        this.device = DeviceSetting.parse(device);
        return this;
    }

    /**
     * Folder with the libtorch of every process, which a GPU needs one with CUDA of; what the
     * process has unless it is given.
     */
    public Rankstream engine(Path directory) {
        this.engineDirectory = directory.toString();
        return this;
    }

    /**
     * When a micro-batch closes.
     *
     * @param examples most of a step
     * @param linger longest wait of its first example; zero waits for the others however long
     */
    public Rankstream batch(int examples, Duration linger) {
        require(examples >= 1, "the examples of a step are %d, expected at least 1", examples);
        require(!linger.isNegative(), "the linger is %s, expected 0 or more", linger);
        this.maxExamples = examples;
        this.linger = linger;
        return this;
    }

    /** Most adapters that a subtask creates of those that are not named. */
    public Rankstream maxAdapters(int most) {
        require(most >= 1, "the most adapters are %d, expected at least 1", most);
        this.maxAdapters = most;
        return this;
    }

    /** Tokens at which micro-batches of different adapters share a pass; 0 shares none. */
    public Rankstream bundleTokens(int tokens) {
        require(tokens >= 0, "the tokens of a pass are %d, expected 0 or more", tokens);
        this.bundleTokens = tokens;
        return this;
    }

    /**
     * When versions come.
     *
     * @param firstStep step of an adapter's first one
     * @param everySteps most steps between two of them
     */
    public Rankstream versions(int firstStep, int everySteps) {
        require(firstStep >= 1, "the first version is of step %d, expected at least 1", firstStep);
        require(everySteps >= 1, "versions come every %d steps, expected at least 1", everySteps);
        this.firstVersion = firstStep;
        this.everySteps = everySteps;
        return this;
    }

    /**
     * Where the program writes versions, as {@code FOLDER/ADAPTER/v00000001}: what is rolled back
     * to is read from there, and versions that are there are counted on.
     */
    public Rankstream versionFolder(String folder) {
        this.versionFolder = folder;
        return this;
    }

    /** Commands to adapters; none unless they are given. */
    public Rankstream commands(DataStream<ControlCommand> commands) {
        this.commands = commands;
        return this;
    }

    /** Texts without a label, of which adapters say what they are; none unless they are given. */
    public Rankstream unlabeled(DataStream<UnlabeledText> texts) {
        this.unlabeled = Optional.of(texts);
        return this;
    }

    /** What the uids of the operators begin with; different for each use in a program. */
    public Rankstream uidPrefix(String prefix) {
        this.uidPrefix = prefix;
        return this;
    }

    /**
     * Adds the operators to the program.
     *
     * @throws IllegalStateException if no adapter can learn, for want of a template
     */
    public LearningStreams build() {
        if (adapters.equals(ConfiguredAdapters.NONE)) {
            throw new IllegalStateException(
                    "no adapter can learn: give template(...), or adapter(...) for each one");
        }
        ModelSettings model =
                new ModelSettings(this.model, maxTokens, threads, device, engineDirectory);
        SingleOutputStreamOperator<Example> admitted =
                examples.process(new AdmitFunction(), ExampleSerializer.TYPE)
                        .name(named("admit"))
                        .uid(named("admit"));
        SingleOutputStreamOperator<EncodedExample> encoded =
                admitted.process(new EncodeFunction(model, adapters), EncodedExampleSerializer.TYPE)
                        .name(named("encode"))
                        .uid(named("encode"));
        Learning learning =
                new Learning(
                        new BatchSettings(
                                maxExamples,
                                RankstreamOptions.BATCH_MAX_TOKENS.defaultValue(),
                                linger,
                                RankstreamOptions.BATCH_MAX_HELD.defaultValue()),
                        model,
                        new TrainSettings(
                                RankstreamOptions.TRAIN_CACHE_SIZE.defaultValue().getBytes(),
                                maxAdapters,
                                bundleTokens,
                                RankstreamOptions.TRAIN_BUNDLE_LINGER.defaultValue()),
                        adapters,
                        new PublishSettings(versionFolder, firstVersion, everySteps),
                        RankstreamOptions.METRICS_MAX_ADAPTERS.defaultValue(),
                        Defaults.CURRENT);
        DataStream<AdapterRequest> requests =
                Learning.ofCommands(commands == null ? none() : commands)
                        .name(named("commands"))
                        .uid(named("commands"));
        Optional<Inputs> inputs = unlabeled.map(texts -> inputs(texts, model));
        if (inputs.isPresent()) {
            requests = requests.union(inputs.get().requests());
        }
        SingleOutputStreamOperator<AdapterWork> work =
                learning.microBatches(
                                encoded.keyBy(EncodedExample::adapterId, Types.STRING), requests)
                        .name(named("micro-batch"))
                        .uid(named("micro-batch"));
        SingleOutputStreamOperator<TrainingReport> reports =
                learning.train(work).name(named("train")).uid(named("train"));
        DataStream<DeadLetter> letters =
                admitted.getSideOutput(DeadLetters.TAG)
                        .union(
                                encoded.getSideOutput(DeadLetters.TAG),
                                work.getSideOutput(DeadLetters.TAG),
                                reports.getSideOutput(DeadLetters.TAG));
        if (inputs.isPresent()) {
            letters = letters.union(inputs.get().letters());
        }
        return new LearningStreams(
                reports,
                reports.getSideOutput(TrainOutputs.PREDICTIONS),
                reports.getSideOutput(TrainOutputs.RELEASES),
                reports.getSideOutput(TrainOutputs.ANSWERS),
                reports.getSideOutput(TrainOutputs.DRIFT_EVENTS),
                reports.getSideOutput(TrainOutputs.PREDICTED_INPUTS)
                        .map(
                                InputPredictions::unselected,
                                new AvroTypeInfo<>(InputPrediction.class))
                        .name(named("input-predictions"))
                        .uid(named("input-predictions")),
                letters.filter(letter -> !Origins.isInput(letter))
                        .name(named("refused-examples"))
                        .uid(named("refused-examples"))
                        .map(RefusedText::of)
                        .returns(TypeInformation.of(RefusedText.class))
                        .name(named("refused"))
                        .uid(named("refused")),
                letters.filter(Origins::isInput)
                        .name(named("letters-of-inputs"))
                        .uid(named("letters-of-inputs"))
                        .map(RefusedInput::of)
                        .returns(TypeInformation.of(RefusedInput.class))
                        .name(named("refused-inputs"))
                        .uid(named("refused-inputs")));
    }

    /**
     * Texts without a label on their way to their adapters.
     *
     * @param letters those that were refused on it
     */
    private record Inputs(DataStream<AdapterRequest> requests, DataStream<DeadLetter> letters) {}

    private Inputs inputs(DataStream<UnlabeledText> texts, ModelSettings model) {
        SingleOutputStreamOperator<Input> admitted =
                texts.process(new AdmitInputFunction(), InputSerializer.TYPE)
                        .name(named("admit-inputs"))
                        .uid(named("admit-inputs"));
        SingleOutputStreamOperator<EncodedInput> encoded =
                admitted.process(
                                new EncodeInputFunction(model, adapters),
                                EncodedInputSerializer.TYPE)
                        .name(named("encode-inputs"))
                        .uid(named("encode-inputs"));
        return new Inputs(
                Learning.ofInputs(encoded).name(named("inputs")).uid(named("inputs")),
                admitted.getSideOutput(DeadLetters.TAG)
                        .union(encoded.getSideOutput(DeadLetters.TAG)));
    }

    /** A stream without a command, which ends with the examples. */
    private DataStream<ControlCommand> none() {
        return examples.flatMap((text, out) -> {}, new AvroTypeInfo<>(ControlCommand.class))
                .name(named("no commands"))
                .uid(named("no-commands"));
    }

    private static void require(boolean holds, String message, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(found));
        }
    }

    private String named(String operator) {
        return uidPrefix + operator;
    }
}
