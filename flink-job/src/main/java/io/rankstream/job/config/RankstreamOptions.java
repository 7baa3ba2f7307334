package io.rankstream.job.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.engine.TensorEngine;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.job.config.option.Setting;
import io.rankstream.job.config.option.ValueType;
import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.config.settings.KafkaSettings.StartingOffsets;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.config.settings.PredictSettings;
import io.rankstream.job.mapping.EventTimeUnit;
import io.rankstream.job.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/**
 * Every option of the configuration file, with its type, default and description: the only place of
 * each default. Options under {@value #TRAINING} are the template of every adapter; the same names
 * under {@code adapters.<id>.} override them for one adapter.
 */
public final class RankstreamOptions {

    /** Prefix of the options that make the template of every adapter. */
    static final String TRAINING = "training.";

    private static final long MAX_STEPS = 1_000_000_000_000L;
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /** Kafka's clients and the registry's keep timeouts as milliseconds in an int. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private static final Duration LONGEST_LINGER = Duration.ofSeconds(1);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST_HORIZON = Duration.ofDays(3_650);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(90);

    /** The forms of the rank budget over time. */
    public enum BudgetForm {
        /** Endless: warm-up, ramp, then steady for ever. */
        STREAMING,
        /** The paper's: a run of known length that ends with a fixed pattern. */
        FINITE,
        /** The initial rank for ever. */
        CONSTANT
    }

    public static final ConfigOption<String> KAFKA_BOOTSTRAP_SERVERS =
            key("kafka.bootstrap-servers")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Brokers to start from, as host:port, separated by commas.");

    public static final ConfigOption<String> KAFKA_GROUP_ID =
            key("kafka.group-id")
                    .stringType()
                    .defaultValue("rankstream")
                    .withDescription(
                            "Consumer group, and prefix of the transactional ids. Two jobs on one"
                                    + " cluster need two of them.");

    public static final ConfigOption<StartingOffsets> KAFKA_STARTING_OFFSETS =
            key("kafka.starting-offsets")
                    .enumType(StartingOffsets.class)
                    .defaultValue(StartingOffsets.EARLIEST)
                    .withDescription(
                            "Where a job without a checkpoint starts to read. The offsets that its"
                                    + " group has committed are for monitoring alone: without the state"
                                    + " that belongs to them, adapters would start anew in the middle"
                                    + " of the stream.");

    public static final ConfigOption<Boolean> KAFKA_BOUNDED =
            key("kafka.bounded")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether the job ends at the offsets that are the newest when it"
                                    + " starts.");

    public static final ConfigOption<Duration> KAFKA_TRANSACTION_TIMEOUT =
            key("kafka.transaction-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(10))
                    .withDescription(
                            "How long the broker keeps an open transaction. Longer than a"
                                    + " checkpoint interval plus the longest restart, or results of"
                                    + " a completed checkpoint may be lost; no longer than the"
                                    + " broker's transaction.max.timeout.ms, 15 min unless changed"
                                    + " there.");

    public static final ConfigOption<String> TOPICS_PREFIX =
            key("topics.prefix")
                    .stringType()
                    .defaultValue("")
                    .withDescription(
                            "What the names of all topics begin with that are not named"
                                    + " themselves: with 'acme-', examples come from"
                                    + " 'acme-labeled-examples'. Two jobs on one cluster need two"
                                    + " of them.");

    public static final ConfigOption<InputFormat> INPUT_FORMAT =
            key("input.format")
                    .enumType(InputFormat.class)
                    .defaultValue(InputFormat.AVRO)
                    .withDescription(
                            "How labeled examples and inputs are written: 'avro' with a schema in the"
                                    + " registry, 'json' as documents in which the keys under"
                                    + " 'input.map' find the fields.");

    public static final ConfigOption<String> INPUT_EXAMPLE_ID =
            key("input.map.exampleId")
                    .stringType()
                    .defaultValue("exampleId")
                    .withDescription("Where a JSON document has the example's id.");

    public static final ConfigOption<String> INPUT_ADAPTER_ID =
            key("input.map.adapterId")
                    .stringType()
                    .defaultValue("adapterId")
                    .withDescription("Where it has the adapter's id.");

    public static final ConfigOption<String> INPUT_TEXT =
            key("input.map.text")
                    .stringType()
                    .defaultValue("text")
                    .withDescription("Where it has the text.");

    public static final ConfigOption<String> INPUT_LABEL =
            key("input.map.label")
                    .stringType()
                    .defaultValue("label")
                    .withDescription(
                            "Where it has the label: a text; for a regression a number, without"
                                    + " quotes.");

    public static final ConfigOption<String> INPUT_TEXT_PAIR =
            key("input.map.textPair")
                    .stringType()
                    .defaultValue("textPair")
                    .withDescription(
                            "Where it has the second text of a pair. A document without one is one"
                                    + " text.");

    public static final ConfigOption<String> INPUT_METADATA =
            key("input.map.metadata")
                    .stringType()
                    .defaultValue("metadata")
                    .withDescription(
                            "Where an input without a label has what people shall see beside its"
                                    + " text: an object of texts, numbers and truth values.");

    public static final ConfigOption<String> INPUT_PREDICTION =
            key("input.map.prediction")
                    .stringType()
                    .defaultValue("prediction")
                    .withDescription(
                            "Where an input without a label has what another model said of it: an"
                                    + " object of version, labels and probabilities.");

    public static final ConfigOption<String> INPUT_EVENT_TIME =
            key("input.map.eventTime")
                    .stringType()
                    .defaultValue("eventTime")
                    .withDescription(
                            "Where it has the time of the event. Without one there, the record's"
                                    + " own time counts.");

    public static final ConfigOption<EventTimeUnit> INPUT_EVENT_TIME_UNIT =
            key("input.map.eventTimeUnit")
                    .enumType(EventTimeUnit.class)
                    .defaultValue(EventTimeUnit.ISO)
                    .withDescription(
                            "How that time is written: 'iso' as ISO-8601 with an offset, the others"
                                    + " as a number since 1970.");

    public static final ConfigOption<String> INPUT_DEFAULT_EXAMPLE_ID =
            key("input.defaults.exampleId")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "What an example without an id is called: after the place of its"
                                    + " record. Without this, it is a dead letter.");

    public static final ConfigOption<String> INPUT_DEFAULT_ADAPTER_ID =
            key("input.defaults.adapterId")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Adapter of documents that name none. Without this, they are dead"
                                    + " letters.");

    public static final ConfigOption<String> INPUT_DEFAULT_LABEL =
            key("input.defaults.label")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Label of documents that have none. Without this, they are dead"
                                    + " letters.");

    public static final ConfigOption<String> REGISTRY_URL =
            key("registry.url")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Schema registry with Confluent's API, such as http://registry:8081.");

    public static final ConfigOption<Duration> REGISTRY_REQUEST_TIMEOUT =
            key("registry.request-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "Limit of connecting to the registry, and of waiting for its answer.");

    public static final ConfigOption<Duration> REGISTRY_OUTAGE_TIMEOUT =
            key("registry.outage-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(2))
                    .withDescription(
                            "How long an unreachable registry is retried before the job fails and"
                                    + " restarts.");

    public static final ConfigOption<Boolean> REGISTRY_REGISTER =
            key("registry.register")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether schemas that the job writes are registered where they are"
                                    + " missing. Without that, they must be there. Schemas of what"
                                    + " it reads are the producers': they are only read.");

    public static final ConfigOption<String> MODEL_DIRECTORY =
            key("model.directory")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Hugging Face directory with config.json, tokenizer.json and"
                                    + " model.safetensors, or LangChain4j's jar of bge-small-en-v1.5"
                                    + " or e5-small-v2. Without it, the embedded all-MiniLM-L6-v2 is"
                                    + " used.");

    public static final ConfigOption<String> MODEL_NAME =
            key("model.name")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "What published adapters call the model of model.directory, such as its"
                                    + " name on Hugging Face: base_model_name_or_path of PEFT."
                                    + " Without it, new adapters call it by the directory's last"
                                    + " element, or a jar's by its name on Hugging Face, and others by the name that they have.");

    public static final ConfigOption<Integer> MODEL_MAX_LENGTH =
            key("model.max-length")
                    .intType()
                    .defaultValue(128)
                    .withDescription(
                            "Token limit of a text, special tokens included; longer ones are cut.");

    public static final ConfigOption<Integer> MODEL_THREADS =
            key("model.threads")
                    .intType()
                    .defaultValue(0)
                    .withDescription("Threads that train in each process; 0 takes every core.");

    public static final ConfigOption<String> MODEL_DEVICE =
            key("model.device")
                    .stringType()
                    .defaultValue("cpu")
                    .withDescription(
                            "Where the base model and the adapters live. gpu is the one that the"
                                    + " TaskManager offers as Flink's external resource gpu, or else"
                                    + " the first; gpu:N is that of index N in every process.");

    public static final ConfigOption<String> MODEL_ENGINE_DIRECTORY =
            key(TensorEngine.OPTION)
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Folder with another libtorch, for a GPU: the target of pip install"
                                    + " torch, a virtual environment, or an unpacked libtorch; at the"
                                    + " same path on every process. Without it, RANKSTREAM_TORCH in the"
                                    + " environment of a process names one, or the one for CPUs that"
                                    + " comes with Rankstream is used.");

    public static final ConfigOption<Integer> BATCH_MAX_EXAMPLES =
            key("batch.max-examples")
                    .intType()
                    .defaultValue(4)
                    .withDescription(
                            "Examples that close a micro-batch of an adapter. Fewer learn more from"
                                    + " a short stream, more take less time an example.");

    public static final ConfigOption<Integer> BATCH_MAX_TOKENS =
            key("batch.max-tokens")
                    .intType()
                    .defaultValue(4096)
                    .withDescription(
                            "Tokens, padding left out, that close a micro-batch of an adapter.");

    public static final ConfigOption<Duration> BATCH_LINGER =
            key("batch.linger")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "How long an example waits for its micro-batch to fill; 0 s waits for"
                                    + " the other limits alone, which makes a run reproducible.");

    public static final ConfigOption<Integer> BATCH_MAX_HELD =
            key("batch.max-held")
                    .intType()
                    .defaultValue(10_000)
                    .withDescription(
                            "Examples of a paused adapter that are held until it is resumed;"
                                    + " further ones are dead letters.");

    public static final ConfigOption<Integer> TRAIN_MAX_ADAPTERS =
            key("train.max-adapters")
                    .intType()
                    .defaultValue(256)
                    .withDescription(
                            "Adapters without settings of their own that one subtask creates;"
                                    + " examples of further ones are dead letters. Each takes about"
                                    + " 10 MB of state at the default rank.");

    public static final ConfigOption<MemorySize> TRAIN_CACHE_SIZE =
            key("train.cache-size")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(512))
                    .withDescription(
                            "Adapters that one subtask keeps ready to train, outside the heap; at"
                                    + " least the newest one stays.");

    public static final ConfigOption<Integer> TRAIN_BUNDLE_TOKENS =
            key("train.bundle-tokens")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Tokens at which a bundle of different adapters' micro-batches is"
                                    + " trained together. A micro-batch of as many goes by itself. 0"
                                    + " trains every micro-batch by itself, so that results do not"
                                    + " depend on the clock; what a bundle consists of does, and its"
                                    + " results equal those of one at a time within rounding alone.");

    public static final ConfigOption<Duration> TRAIN_BUNDLE_LINGER =
            key("train.bundle-linger")
                    .durationType()
                    .defaultValue(Duration.ofMillis(20))
                    .withDescription(
                            "How long the first micro-batch of a bundle waits for those of other"
                                    + " adapters.");

    public static final ConfigOption<Integer> PREDICT_BUNDLE_TOKENS =
            key("predict.bundle-tokens")
                    .intType()
                    .defaultValue(PredictSettings.DEFAULT.bundleTokens())
                    .withDescription(
                            "Tokens of inputs without a label, of whatever adapters, at which they"
                                    + " are predicted together. What a prediction says depends on"
                                    + " those beside it within rounding alone. 0 predicts every"
                                    + " input by itself.");

    public static final ConfigOption<Duration> PREDICT_LINGER =
            key("predict.linger")
                    .durationType()
                    .defaultValue(PredictSettings.DEFAULT.linger())
                    .withDescription(
                            "How long an input without a label waits for others. It is predicted"
                                    + " earlier where a step begins, which never goes before it.");

    public static final ConfigOption<Integer> FLEET_TRIPLETS =
            key("fleet.triplets")
                    .intType()
                    .noDefaultValue()
                    .withDescription(
                            "Triplets that all adapters share: they move from adapters that do not"
                                    + " need them to those that do, so that the budgets of all add up"
                                    + " to no more. Without it, each adapter has its own budget.");

    public static final ConfigOption<Integer> FLEET_INTERVAL_EXAMPLES =
            key("fleet.interval-examples")
                    .intType()
                    .defaultValue(1000)
                    .withDescription(
                            "Examples, of all adapters together, after which 'fleet.triplets' is"
                                    + " divided anew.");

    public static final ConfigOption<LoopMode> LOOP_MODE =
            key("loop.mode")
                    .enumType(LoopMode.class)
                    .defaultValue(LoopMode.NONE)
                    .withDescription(
                            "How much of the labeling loop the job carries out: 'none', where"
                                    + " examples come with their labels; 'predict', which says what"
                                    + " adapters make of inputs; 'train', which also asks people, joins"
                                    + " what they say, and learns from it; 'only', which asks and joins"
                                    + " for models that learn elsewhere.");

    public static final ConfigOption<Double> LOOP_BUDGET_SHARE =
            key("loop.budget-share")
                    .doubleType()
                    .noDefaultValue()
                    .withDescription(
                            "Share of an adapter's inputs that a label is asked for; of the first"
                                    + " ones it is one half, until 32 labels are asked for. A loop that"
                                    + " asks has either this or 'loop.labels-per-hour'. An adapter may"
                                    + " have a budget of its own, 'adapters.NAME.loop.budget-share',"
                                    + " and so with all that selects but the seed.");

    public static final ConfigOption<Double> LOOP_LABELS_PER_HOUR =
            key("loop.labels-per-hour")
                    .doubleType()
                    .noDefaultValue()
                    .withDescription(
                            "Labels that are asked for in an hour, of each adapter, however many"
                                    + " inputs come. Hours are counted by the event times of its"
                                    + " inputs; what a quiet day leaves is asked for afterwards. Of"
                                    + " any budget, the first 32 labels are asked for at once, by"
                                    + " one in two inputs, and saved again later.");

    public static final ConfigOption<Double> LOOP_UNIFORM_SHARE =
            key("loop.uniform-share")
                    .doubleType()
                    .defaultValue(.5)
                    .withDescription(
                            "Part of the budget that goes to all inputs alike, whatever is said of"
                                    + " them; the rest goes by 'loop.utility'. 1 selects at random.");

    public static final ConfigOption<LabelUtility> LOOP_UTILITY =
            key("loop.utility")
                    .enumType(LabelUtility.class)
                    .defaultValue(LabelUtility.MARGIN)
                    .withDescription(
                            "What an input's label is taken to teach: 'margin', where the two most"
                                    + " probable labels are close; 'entropy', where many are"
                                    + " probable; 'gradient', where it would move the head far.");

    public static final ConfigOption<Integer> LOOP_MAX_OPEN =
            key("loop.max-open")
                    .intType()
                    .defaultValue(1000)
                    .withDescription(
                            "Requests of an adapter that may wait for an answer at once. Inputs"
                                    + " that come meanwhile are not asked for, and not in the estimate"
                                    + " of its accuracy.");

    public static final ConfigOption<Long> LOOP_SEED =
            key("loop.seed")
                    .longType()
                    .defaultValue(0L)
                    .withDescription("Another seed selects other inputs.");

    public static final ConfigOption<Duration> LOOP_HORIZON =
            key("loop.horizon")
                    .durationType()
                    .defaultValue(Duration.ofDays(7))
                    .withDescription(
                            "How long an input waits for its label, and a vote for its input, in"
                                    + " the time of the adapter's stream: that of its newest input."
                                    + " Later votes are told as late.");

    public static final ConfigOption<Duration> LOOP_CORRECTIONS =
            key("loop.corrections")
                    .durationType()
                    .defaultValue(Duration.ofDays(7))
                    .withDescription(
                            "How long after a decision votes can still correct it, and how long"
                                    + " after its horizon an input is remembered, so that late"
                                    + " votes are told from unknown ones.");

    public static final ConfigOption<Integer> LOOP_VOTES =
            key("loop.votes")
                    .intType()
                    .defaultValue(1)
                    .withDescription(
                            "Votes of different people that a request wants. The label that most"
                                    + " of them say is taken; where two lead alike, one vote more"
                                    + " is asked for.");

    public static final ConfigOption<Double> LOOP_DOUBLE_SHARE =
            key("loop.double-share")
                    .doubleType()
                    .defaultValue(0.0)
                    .withDescription(
                            "Share of the requests that want one vote more than 'loop.votes', to"
                                    + " learn how often people agree.");

    public static final ConfigOption<Boolean> LOOP_SUGGEST =
            key("loop.suggest")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether a request shows what was predicted. That saves people time,"
                                    + " and draws them to it. Where more than one vote is wanted,"
                                    + " none is shown.");

    public static final ConfigOption<Duration> LOOP_WINDOW =
            key("loop.window")
                    .durationType()
                    .defaultValue(Duration.ofDays(14))
                    .withDescription(
                            "How far back the estimate of an adapter's accuracy on its inputs goes,"
                                    + " which is told once an hour of its stream's time. Inputs"
                                    + " that still wait for answers are not in it, so it is longer"
                                    + " than 'loop.horizon'.");

    public static final ConfigOption<Duration> LOOP_MAX_JUMP =
            key("loop.max-jump")
                    .durationType()
                    .defaultValue(Duration.ofDays(1))
                    .withDescription(
                            "How far the time of an adapter's stream moves by one input. One that"
                                    + " is further ahead moves it only where 16 in a row are, so"
                                    + " that a wrong clock lets nothing expire.");

    public static final ConfigOption<String> PUBLISH_DIRECTORY =
            key("publish.directory")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Folder, or URI of a Flink file system, that versions of adapters are"
                                    + " written to. Not needed where 'loop.mode' is only.");

    public static final ConfigOption<Integer> PUBLISH_FIRST_STEP =
            key("publish.first-step")
                    .intType()
                    .defaultValue(8)
                    .withDescription(
                            "Optimizer step of an adapter's first version. Until the next one it"
                                    + " takes as many steps as there were before, up to"
                                    + " publish.every-steps.");

    public static final ConfigOption<Integer> PUBLISH_EVERY_STEPS =
            key("publish.every-steps")
                    .intType()
                    .defaultValue(400)
                    .withDescription("Most optimizer steps between two versions of an adapter.");

    public static final ConfigOption<Integer> METRICS_MAX_ADAPTERS =
            key("metrics.max-adapters")
                    .intType()
                    .defaultValue(100)
                    .withDescription(
                            "Adapters of a subtask that have metrics of their own; the others are"
                                    + " summed as '_other'. Each is some twenty time series.");

    public static final ConfigOption<Integer> METRICS_PROMETHEUS_PORT =
            key("metrics.prometheus-port")
                    .intType()
                    .noDefaultValue()
                    .withDescription(
                            "Port at which 'rankstream run' serves its metrics for Prometheus, on"
                                    + " this machine alone; 0 takes a free one. Without this, it"
                                    + " serves none. On a cluster, Flink's reporter does.");

    public static final ConfigOption<Integer> CONSOLE_PORT =
            key("console.port")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Port of this machine's loopback address on which 'rankstream run' and"
                                    + " 'rankstream console' serve their page; 0 takes a free one."
                                    + " A job on a cluster serves none.");

    public static final ConfigOption<String> SERVE_HOST =
            key("serve.host")
                    .stringType()
                    .defaultValue("127.0.0.1")
                    .withDescription(
                            "Address that 'rankstream serve' listens at. One that other machines"
                                    + " can reach, such as 0.0.0.0, needs serve.token and"
                                    + " serve.tls.");

    public static final ConfigOption<Integer> SERVE_PORT =
            key("serve.port")
                    .intType()
                    .defaultValue(8181)
                    .withDescription("Its port; 0 takes a free one.");

    public static final ConfigOption<String> SERVE_TOKEN =
            key("serve.token")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "What a request must show, in a header 'Authorization: Bearer TOKEN',"
                                    + " or as the password of HTTP's basic authentication. Without"
                                    + " it, whoever is on this machine may ask.");

    public static final ConfigOption<String> SERVE_TLS_CERTIFICATE =
            key("serve.tls.certificate")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "File of the certificate, with those above it, in PEM. It is read when"
                                    + " the command starts.");

    public static final ConfigOption<String> SERVE_TLS_KEY =
            key("serve.tls.key")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("File of its private key: PKCS 8 in PEM, without a password.");

    public static final ConfigOption<MemorySize> SERVE_CACHE_SIZE =
            key("serve.cache-size")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(512))
                    .withDescription(
                            "Adapters that are kept ready to answer, by their bytes. The least"
                                    + " recently asked ones leave, and are read again from where"
                                    + " they were published when they are asked next. Those that"
                                    + " are being asked stay, and so does the newest.");

    public static final ConfigOption<Integer> SERVE_PASS_TOKENS =
            key("serve.pass-tokens")
                    .intType()
                    .defaultValue(2048)
                    .withDescription(
                            "Tokens without padding that complete a pass through the base model."
                                    + " Waiting texts of all adapters share it.");

    public static final ConfigOption<Duration> SERVE_LINGER =
            key("serve.linger")
                    .durationType()
                    .defaultValue(Duration.ZERO)
                    .withDescription(
                            "How long the first text of a pass waits for others. With 0, a pass"
                                    + " takes what came while the last one was computed.");

    public static final ConfigOption<Integer> SERVE_MAX_WAITING_TEXTS =
            key("serve.max-waiting-texts")
                    .intType()
                    .defaultValue(1024)
                    .withDescription(
                            "Texts that wait or are answered at a time. A request that would make"
                                    + " more of them is answered with 429, and when to ask again.");

    public static final ConfigOption<Integer> SERVE_MAX_TEXTS =
            key("serve.max-texts")
                    .intType()
                    .defaultValue(256)
                    .withDescription("Texts of a request.");

    public static final ConfigOption<MemorySize> SERVE_MAX_REQUEST_SIZE =
            key("serve.max-request-size")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(4))
                    .withDescription("Body of a request.");

    public static final ConfigOption<Duration> SERVE_REQUEST_TIMEOUT =
            key("serve.request-timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(10))
                    .withDescription(
                            "How long a request may take to arrive, then to be answered, and the"
                                    + " answer to be taken. At the end, requests that were taken"
                                    + " have as long to be answered.");

    public static final ConfigOption<String> TASK =
            key("training.task")
                    .stringType()
                    .defaultValue(TrainingTemplate.DEFAULTS.head().task().id())
                    .withDescription(
                            "What is learned of a text: 'classification' one of several labels,"
                                    + " 'multi-label-classification' any number of them,"
                                    + " 'token-classification' entities in it, such as names, with"
                                    + " tags for labels: O, B-PER, I-PER and so on;"
                                    + " 'regression' a number, 'question-answering' where in a"
                                    + " passage the answer to a question is; the latter two without"
                                    + " labels.");

    public static final ConfigOption<Double> THRESHOLD =
            key("training.threshold")
                    .doubleType()
                    .defaultValue(MultiLabel.DEFAULT_THRESHOLD)
                    .withDescription(
                            "Probability from which on a label is said, where training.task is"
                                    + " multi-label-classification. An adapter takes another one"
                                    + " over at the next start; what it has learned stays as it"
                                    + " is.");

    public static final ConfigOption<HeadForm> HEAD =
            key("training.head")
                    .enumType(HeadForm.class)
                    .defaultValue(TrainingTemplate.DEFAULTS.head().form())
                    .withDescription(
                            "Layers of the head: 'linear' one, 'own' two on the first token, as"
                                    + " transformers' own classifier of a RoBERTa, XLM-R,"
                                    + " DistilBERT, MPNet, DeBERTa or ModernBERT has them, or on"
                                    + " every token as a ModernBERT's for tags and answers does; a"
                                    + " ModernBERT whose classifier_pooling is mean needs"
                                    + " training.pooling mean beside it where a head reads whole"
                                    + " texts.");

    public static final ConfigOption<List<String>> LABELS =
            key("training.labels")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Names of the classes. Without them, only the adapters listed under"
                                    + " 'adapters' are admitted, with labels of their own.");

    public static final ConfigOption<String> START_FROM =
            key("training.start-from")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Snapshot of an adapter, on any file system of Flink, that a new"
                                    + " adapter starts from instead of from nothing. It must have been"
                                    + " made with the same base model, task, head, pooling, target"
                                    + " modules, initial rank and alpha; labels are mapped by name. An"
                                    + " adapter that is in the job's state goes on from there.");

    public static final ConfigOption<Pooling> POOLING =
            key("training.pooling")
                    .enumType(Pooling.class)
                    .defaultValue(TrainingTemplate.DEFAULTS.pooling())
                    .withDescription(
                            "What the head reads: the mean over the text's tokens, its first token,"
                                    + " or the output of BERT's pooler, as the head of a"
                                    + " BertForSequenceClassification does; the model must have one.");

    public static final ConfigOption<Method> METHOD =
            key("training.method")
                    .enumType(Method.class)
                    .defaultValue(TrainingTemplate.DEFAULTS.method())
                    .withDescription(
                            "What is learned beside the head: 'adalora' triplets under a rank"
                                    + " budget, 'lora' plain low-rank updates, 'head' nothing.");

    public static final ConfigOption<List<String>> TARGET_MODULES =
            key("training.target-modules")
                    .stringType()
                    .asList()
                    .defaultValues(TrainingTemplate.DEFAULTS.targetModules().toArray(String[]::new))
                    .withDescription(
                            "Linear layers of the base model that are adapted, as in PEFT: by name,"
                                    + " such as encoder.layer.3.attention.self.query, by the end"
                                    + " of their names from a dot on, so that 'output.dense' means"
                                    + " 'attention.output.dense' as well, or by a regular"
                                    + " expression of the whole name, such as"
                                    + " .*layer[.][0-3][.].*query. '.*' means all.");

    public static final ConfigOption<Integer> INIT_RANK =
            key("training.init-rank")
                    .intType()
                    .defaultValue(TrainingTemplate.DEFAULTS.initRank())
                    .withDescription("Triplets that each adapted module starts with.");

    public static final ConfigOption<Double> ALPHA =
            key("training.alpha")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.alpha())
                    .withDescription("Numerator of the scale: alpha / init-rank.");

    public static final ConfigOption<Double> DROPOUT =
            key("training.dropout")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.dropout())
                    .withDescription(
                            "Probability that an input feature of the low-rank path is dropped.");

    public static final ConfigOption<Long> SEED =
            key("training.seed")
                    .longType()
                    .defaultValue(TrainingTemplate.DEFAULTS.seed())
                    .withDescription(
                            "Seed of everything random; an adapter's own is derived from it and its"
                                    + " id.");

    public static final ConfigOption<BudgetForm> BUDGET_SCHEDULE =
            key("training.budget.schedule")
                    .enumType(BudgetForm.class)
                    .defaultValue(BudgetForm.STREAMING)
                    .withDescription(
                            "Rank budget over time: 'streaming' ramps down and then lets triplets"
                                    + " compete for ever, 'finite' is the paper's schedule for a run of"
                                    + " known length, 'constant' never prunes.");

    public static final ConfigOption<Integer> BUDGET_TARGET_RANK =
            key("training.budget.target-rank")
                    .intType()
                    .defaultValue(TrainingTemplate.DEFAULT_SCHEDULE.targetRank())
                    .withDescription("Average rank of a module after the ramp.");

    public static final ConfigOption<Long> BUDGET_WARMUP_EXAMPLES =
            key("training.budget.warmup-examples")
                    .longType()
                    .defaultValue(TrainingTemplate.DEFAULT_SCHEDULE.warmup())
                    .withDescription("Examples at the full initial rank (schedule 'streaming').");

    public static final ConfigOption<Long> BUDGET_RAMP_EXAMPLES =
            key("training.budget.ramp-examples")
                    .longType()
                    .defaultValue(TrainingTemplate.DEFAULT_SCHEDULE.ramp())
                    .withDescription(
                            "Examples of the cubic ramp down to the target rank (schedule"
                                    + " 'streaming').");

    public static final ConfigOption<Long> BUDGET_WARMUP_STEPS =
            key("training.budget.warmup-steps")
                    .longType()
                    .defaultValue(50L)
                    .withDescription(
                            "Optimizer steps at the full initial rank (schedule 'finite'). Schedule"
                                    + " 'streaming' counts in steps where the file gives this or"
                                    + " ramp-steps.");

    public static final ConfigOption<Long> BUDGET_RAMP_STEPS =
            key("training.budget.ramp-steps")
                    .longType()
                    .defaultValue(200L)
                    .withDescription(
                            "Optimizer steps of the ramp, where schedule 'streaming' counts in"
                                    + " steps.");

    public static final ConfigOption<Integer> BUDGET_MASK_INTERVAL =
            key("training.budget.mask-interval")
                    .intType()
                    .defaultValue(TrainingTemplate.DEFAULT_SCHEDULE.maskInterval())
                    .withDescription("Steps between two allocations of the budget.");

    public static final ConfigOption<Long> BUDGET_TOTAL_STEPS =
            key("training.budget.total-steps")
                    .longType()
                    .noDefaultValue()
                    .withDescription("Steps of the whole run (schedule 'finite', required there).");

    public static final ConfigOption<Long> BUDGET_FINAL_STEPS =
            key("training.budget.final-steps")
                    .longType()
                    .noDefaultValue()
                    .withDescription(
                            "Steps at the end with a fixed pattern (schedule 'finite', required"
                                    + " there).");

    public static final ConfigOption<Double> SENSITIVITY_DECAY =
            key("training.importance.sensitivity-decay")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.sensitivityDecay())
                    .withDescription("Decay of the running average of the sensitivity.");

    public static final ConfigOption<Double> UNCERTAINTY_DECAY =
            key("training.importance.uncertainty-decay")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.uncertaintyDecay())
                    .withDescription("Decay of the running average of its uncertainty.");

    public static final ConfigOption<Double> ORTHOGONALITY_COEFFICIENT =
            key("training.orthogonality.coefficient")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.orthogonality().coefficient())
                    .withDescription(
                            "Weight of the regulariser that keeps triplets near orthogonal; 0 turns"
                                    + " it off.");

    public static final ConfigOption<OrthogonalityPenalty.Form> ORTHOGONALITY_FORM =
            key("training.orthogonality.form")
                    .enumType(OrthogonalityPenalty.Form.class)
                    .defaultValue(TrainingTemplate.DEFAULTS.orthogonality().form())
                    .withDescription(
                            "'mean-norm' is the form of the authors' code and of PEFT,"
                                    + " 'sum-squared' that of the paper.");

    public static final ConfigOption<Double> LEARNING_RATE =
            key("training.optimizer.learning-rate")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().learningRate())
                    .withDescription("Peak learning rate of the triplets.");

    public static final ConfigOption<Double> HEAD_LEARNING_RATE =
            key("training.optimizer.head-learning-rate")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().headLearningRate())
                    .withDescription(
                            "Peak learning rate of the head, which starts from nothing and has to"
                                    + " get further than the triplets.");

    public static final ConfigOption<Double> BETA1 =
            key("training.optimizer.beta1")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().beta1())
                    .withDescription("Decay of AdamW's first moment.");

    public static final ConfigOption<Double> BETA2 =
            key("training.optimizer.beta2")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().beta2())
                    .withDescription("Decay of AdamW's second moment.");

    public static final ConfigOption<Double> EPSILON =
            key("training.optimizer.epsilon")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().epsilon())
                    .withDescription("Added to the root of the second moment.");

    public static final ConfigOption<Double> WEIGHT_DECAY =
            key("training.optimizer.weight-decay")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().weightDecay())
                    .withDescription("Decoupled weight decay.");

    public static final ConfigOption<Double> MAX_GRADIENT_NORM =
            key("training.optimizer.max-gradient-norm")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.optimizer().maxGradientNorm())
                    .withDescription(
                            "Global norm that gradients are clipped to; 0 turns clipping off.");

    public static final ConfigOption<Long> OPTIMIZER_WARMUP_EXAMPLES =
            key("training.optimizer.warmup-examples")
                    .longType()
                    .defaultValue(
                            TrainingTemplate.DEFAULTS.optimizer().learningRateSchedule().warmup())
                    .withDescription("Examples over which the learning rate rises to its peak.");

    public static final ConfigOption<Long> OPTIMIZER_WARMUP_STEPS =
            key("training.optimizer.warmup-steps")
                    .longType()
                    .defaultValue(20L)
                    .withDescription(
                            "Optimizer steps of that warm-up. It is counted in steps where the file"
                                    + " gives this or decay-end-step.");

    public static final ConfigOption<Long> OPTIMIZER_DECAY_END_STEP =
            key("training.optimizer.decay-end-step")
                    .longType()
                    .defaultValue(0L)
                    .withDescription(
                            "Step at which the learning rate has fallen to 0, linearly; 0 keeps it"
                                    + " constant after the warm-up.");

    public static final ConfigOption<Boolean> MIXTURE =
            key("training.mixture")
                    .booleanType()
                    .defaultValue(TrainingTemplate.DEFAULTS.mixture())
                    .withDescription(
                            "Whether a second head that learns after every example, and a model on"
                                    + " words alone, speak beside the head. They cost little, and"
                                    + " an adapter is right from its first examples on. What is"
                                    + " published for PEFT has both heads as one, and no words."
                                    + " Of the tasks, classification alone has a mixture.");

    public static final ConfigOption<DriftMode> DRIFT =
            key("training.drift")
                    .enumType(DriftMode.class)
                    .defaultValue(TrainingTemplate.DEFAULTS.drift().mode())
                    .withDescription(
                            "What becomes of a change for the worse in an adapter's stream: 'off'"
                                    + " nobody looks for one, 'watch' it is told, 'answer' it is"
                                    + " told, and the mixture learns the new quickly.");

    public static final ConfigOption<DetectorKind> DRIFT_DETECTOR =
            key("training.drift-detector")
                    .enumType(DetectorKind.class)
                    .defaultValue(TrainingTemplate.DEFAULTS.drift().detector())
                    .withDescription(
                            "What notices a change: 'cusum' bets on one, and finds large ones"
                                    + " soonest; 'adwin' compares the parts of a window, and finds"
                                    + " small ones sooner and more often. Changed at a restart, it"
                                    + " begins anew.");

    public static final ConfigOption<Long> DRIFT_RUN_LENGTH =
            key("training.drift-run-length")
                    .longType()
                    .defaultValue(TrainingTemplate.DEFAULTS.drift().runLength())
                    .withDescription(
                            "Examples that are expected at least between two false alarms of a"
                                    + " change.");

    public static final ConfigOption<Boolean> DRIFT_INPUTS =
            key("training.drift-inputs")
                    .booleanType()
                    .defaultValue(TrainingTemplate.DEFAULTS.drift().inputs())
                    .withDescription(
                            "Whether inputs are watched too, with labels and without: by how sure"
                                    + " an adapter is of what it says, and by what its heads read. What"
                                    + " that finds is told as advice, and never answered. Not where"
                                    + " 'training.drift' is off.");

    public static final ConfigOption<Double> PROBE_SHARE =
            key("training.probe-share")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.probes().share())
                    .withDescription(
                            "Share of an adapter's examples that is never learned from, but asked"
                                    + " again and again, to tell what is forgotten. .02 is enough"
                                    + " for streams of thousands.");

    public static final ConfigOption<Integer> PROBE_PERIOD =
            key("training.probe-period")
                    .intType()
                    .defaultValue(TrainingTemplate.DEFAULTS.probes().period())
                    .withDescription(
                            "Examples of an adapter after which all its probes are asked again."
                                    + " Each takes a forward pass.");

    public static final ConfigOption<Double> REPLAY_SHARE =
            key("training.replay.share")
                    .doubleType()
                    .defaultValue(TrainingTemplate.DEFAULTS.replay().share())
                    .withDescription(
                            "Kept examples that an adapter learns from again for each new one, so"
                                    + " that it does not forget; each takes as long as a new one."
                                    + " .25 is one for four; 0 keeps none.");

    public static final ConfigOption<MemorySize> REPLAY_MAX_SIZE =
            key("training.replay.max-size")
                    .memoryType()
                    .defaultValue(new MemorySize(TrainingTemplate.DEFAULTS.replay().maxBytes()))
                    .withDescription(
                            "Examples that an adapter keeps to learn from again: a sample of each"
                                    + " label, as large for all of them. Those of 64 tokens take"
                                    + " 284 bytes each, in state.");

    public static final ConfigOption<Integer> EXAMPLES_PER_PASS =
            key("training.examples-per-pass")
                    .intType()
                    .defaultValue(0)
                    .withDescription(
                            "Most examples of one forward and backward pass, which bounds memory; a"
                                    + " larger micro-batch accumulates its gradient over several. 0"
                                    + " takes any micro-batch at once.");

    private static final List<Setting<?>> BROKER =
            List.of(
                    Setting.required(KAFKA_BOOTSTRAP_SERVERS, ValueType.bootstrapServers()),
                    Setting.of(KAFKA_GROUP_ID, ValueType.text()),
                    Setting.of(KAFKA_STARTING_OFFSETS, ValueType.oneOf(StartingOffsets.class)),
                    Setting.of(KAFKA_BOUNDED, ValueType.flag()),
                    Setting.of(
                            KAFKA_TRANSACTION_TIMEOUT, ValueType.duration(MILLISECOND, LONGEST)));

    private static final List<Setting<?>> PARTS =
            List.of(
                    Setting.of(INPUT_FORMAT, ValueType.oneOf(InputFormat.class)),
                    Setting.of(INPUT_EXAMPLE_ID, ValueType.jsonPath()),
                    Setting.of(INPUT_ADAPTER_ID, ValueType.jsonPath()),
                    Setting.of(INPUT_TEXT, ValueType.jsonPath()),
                    Setting.of(INPUT_LABEL, ValueType.jsonPath()),
                    Setting.of(INPUT_TEXT_PAIR, ValueType.jsonPath()),
                    Setting.of(INPUT_METADATA, ValueType.jsonPath()),
                    Setting.of(INPUT_PREDICTION, ValueType.jsonPath()),
                    Setting.of(INPUT_EVENT_TIME, ValueType.jsonPath()),
                    Setting.of(INPUT_EVENT_TIME_UNIT, ValueType.oneOf(EventTimeUnit.class)),
                    Setting.of(INPUT_DEFAULT_EXAMPLE_ID, ValueType.place()),
                    Setting.of(INPUT_DEFAULT_ADAPTER_ID, ValueType.adapterId()),
                    Setting.of(INPUT_DEFAULT_LABEL, ValueType.label()),
                    Setting.required(REGISTRY_URL, ValueType.httpUrl()),
                    Setting.of(REGISTRY_REQUEST_TIMEOUT, ValueType.duration(MILLISECOND, LONGEST)),
                    Setting.of(REGISTRY_OUTAGE_TIMEOUT, ValueType.duration(Duration.ZERO, LONGEST)),
                    Setting.of(REGISTRY_REGISTER, ValueType.flag()),
                    Setting.of(MODEL_DIRECTORY, ValueType.localModel()),
                    Setting.of(MODEL_NAME, ValueType.text()),
                    Setting.of(MODEL_MAX_LENGTH, ValueType.integer(TextEncoder.LEAST_LIMIT, 512)),
                    Setting.of(MODEL_THREADS, ValueType.integer(0, 1024)),
                    Setting.of(MODEL_DEVICE, ValueType.device()),
                    Setting.of(MODEL_ENGINE_DIRECTORY, ValueType.localFolder()),
                    Setting.of(BATCH_MAX_EXAMPLES, ValueType.integer(1, 65536)),
                    Setting.of(BATCH_MAX_TOKENS, ValueType.integer(1, 16_777_216)),
                    Setting.of(BATCH_LINGER, ValueType.duration(Duration.ZERO, LONGEST)),
                    Setting.of(BATCH_MAX_HELD, ValueType.integer(1, 1_000_000)),
                    Setting.of(TRAIN_MAX_ADAPTERS, ValueType.integer(0, 1_000_000)),
                    Setting.of(TRAIN_CACHE_SIZE, ValueType.memory()),
                    Setting.of(TRAIN_BUNDLE_TOKENS, ValueType.integer(0, 16_777_216)),
                    Setting.of(TRAIN_BUNDLE_LINGER, ValueType.duration(MILLISECOND, LONGEST)),
                    Setting.of(PREDICT_BUNDLE_TOKENS, ValueType.integer(0, 16_777_216)),
                    Setting.of(PREDICT_LINGER, ValueType.duration(MILLISECOND, LONGEST)),
                    Setting.of(FLEET_TRIPLETS, ValueType.integer(1, Integer.MAX_VALUE)),
                    Setting.of(FLEET_INTERVAL_EXAMPLES, ValueType.integer(1, Integer.MAX_VALUE)),
                    Setting.of(LOOP_MODE, ValueType.oneOf(LoopMode.class)),
                    Setting.of(LOOP_BUDGET_SHARE, ValueType.number(1e-4, 1)),
                    Setting.of(LOOP_LABELS_PER_HOUR, ValueType.number(1e-4, 1e6)),
                    Setting.of(LOOP_UNIFORM_SHARE, ValueType.number(.05, 1)),
                    Setting.of(LOOP_UTILITY, ValueType.oneOf(LabelUtility.class)),
                    Setting.of(LOOP_MAX_OPEN, ValueType.integer(1, 1_000_000)),
                    Setting.of(LOOP_SEED, ValueType.wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE)),
                    Setting.of(LOOP_HORIZON, ValueType.duration(SECOND, LONGEST_HORIZON)),
                    Setting.of(LOOP_CORRECTIONS, ValueType.duration(SECOND, LONGEST_HORIZON)),
                    Setting.of(LOOP_VOTES, ValueType.integer(1, 9)),
                    Setting.of(LOOP_DOUBLE_SHARE, ValueType.number(0, 1)),
                    Setting.of(LOOP_SUGGEST, ValueType.flag()),
                    Setting.of(LOOP_WINDOW, ValueType.duration(HOUR, LONGEST_WINDOW)),
                    Setting.of(LOOP_MAX_JUMP, ValueType.duration(SECOND, LONGEST_HORIZON)),
                    Setting.required(PUBLISH_DIRECTORY, ValueType.folder()),
                    Setting.of(PUBLISH_FIRST_STEP, ValueType.integer(1, Integer.MAX_VALUE)),
                    Setting.of(PUBLISH_EVERY_STEPS, ValueType.integer(1, Integer.MAX_VALUE)),
                    Setting.of(METRICS_MAX_ADAPTERS, ValueType.integer(0, 100_000)),
                    Setting.of(METRICS_PROMETHEUS_PORT, ValueType.integer(0, 65_535)),
                    Setting.of(CONSOLE_PORT, ValueType.integer(0, 65_535)),
                    Setting.of(SERVE_HOST, ValueType.host()),
                    Setting.of(SERVE_PORT, ValueType.integer(0, 65_535)),
                    Setting.of(SERVE_TOKEN, ValueType.token()),
                    Setting.of(SERVE_TLS_CERTIFICATE, ValueType.localFile()),
                    Setting.of(SERVE_TLS_KEY, ValueType.localFile()),
                    Setting.of(SERVE_CACHE_SIZE, ValueType.memory()),
                    Setting.of(SERVE_PASS_TOKENS, ValueType.integer(1, 1_048_576)),
                    Setting.of(SERVE_LINGER, ValueType.duration(Duration.ZERO, LONGEST_LINGER)),
                    Setting.of(SERVE_MAX_WAITING_TEXTS, ValueType.integer(1, 1_000_000)),
                    Setting.of(SERVE_MAX_TEXTS, ValueType.integer(1, 65_536)),
                    Setting.of(
                            SERVE_MAX_REQUEST_SIZE,
                            ValueType.memory(
                                    MemorySize.parse("1 kb"), MemorySize.ofMebiBytes(256))),
                    Setting.of(
                            SERVE_REQUEST_TIMEOUT,
                            ValueType.duration(SHORTEST_TIMEOUT, LONGEST_TIMEOUT)));

    /** Settings of the job, in the order of the documentation. */
    static final List<Setting<?>> JOB =
            Stream.of(BROKER.stream(), topics(), PARTS.stream())
                    .<Setting<?>>flatMap(settings -> settings)
                    .toList();

    /** Settings of the job that an adapter may have its own of, by the same names. */
    static final List<Setting<?>> SELECTION =
            JOB.stream().filter(setting -> ofSelection(setting.option())).toList();

    /** Settings of an adapter, in the order of the documentation. */
    static final List<Setting<?>> ADAPTER =
            List.of(
                    Setting.of(TASK, ValueType.task()),
                    Setting.of(LABELS, ValueType.labels()),
                    Setting.of(THRESHOLD, ValueType.probability()),
                    Setting.of(START_FROM, ValueType.file()),
                    Setting.of(HEAD, ValueType.oneOf(HeadForm.class)),
                    Setting.of(POOLING, ValueType.oneOf(Pooling.class)),
                    Setting.of(METHOD, ValueType.oneOf(Method.class)),
                    Setting.of(TARGET_MODULES, ValueType.targetModules()),
                    Setting.of(INIT_RANK, ValueType.integer(1, 512)),
                    Setting.of(ALPHA, ValueType.positive()),
                    Setting.of(DROPOUT, ValueType.fraction()),
                    Setting.of(SEED, ValueType.wholeNumber(Long.MIN_VALUE, Long.MAX_VALUE)),
                    Setting.of(BUDGET_SCHEDULE, ValueType.oneOf(BudgetForm.class)),
                    Setting.of(BUDGET_TARGET_RANK, ValueType.integer(1, 512)),
                    Setting.of(BUDGET_WARMUP_EXAMPLES, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(BUDGET_RAMP_EXAMPLES, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(BUDGET_WARMUP_STEPS, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(BUDGET_RAMP_STEPS, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(BUDGET_MASK_INTERVAL, ValueType.integer(1, Integer.MAX_VALUE)),
                    Setting.of(BUDGET_TOTAL_STEPS, ValueType.wholeNumber(1, MAX_STEPS)),
                    Setting.of(BUDGET_FINAL_STEPS, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(SENSITIVITY_DECAY, ValueType.fraction()),
                    Setting.of(UNCERTAINTY_DECAY, ValueType.fraction()),
                    Setting.of(ORTHOGONALITY_COEFFICIENT, ValueType.nonNegative()),
                    Setting.of(
                            ORTHOGONALITY_FORM, ValueType.oneOf(OrthogonalityPenalty.Form.class)),
                    Setting.of(LEARNING_RATE, ValueType.learningRate()),
                    Setting.of(HEAD_LEARNING_RATE, ValueType.learningRate()),
                    Setting.of(BETA1, ValueType.fraction()),
                    Setting.of(BETA2, ValueType.fraction()),
                    Setting.of(EPSILON, ValueType.positive()),
                    Setting.of(WEIGHT_DECAY, ValueType.nonNegative()),
                    Setting.of(MAX_GRADIENT_NORM, ValueType.nonNegative()),
                    Setting.of(OPTIMIZER_WARMUP_EXAMPLES, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(OPTIMIZER_WARMUP_STEPS, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(OPTIMIZER_DECAY_END_STEP, ValueType.wholeNumber(0, MAX_STEPS)),
                    Setting.of(MIXTURE, ValueType.flag()),
                    Setting.of(DRIFT, ValueType.oneOf(DriftMode.class)),
                    Setting.of(DRIFT_DETECTOR, ValueType.oneOf(DetectorKind.class)),
                    Setting.of(
                            DRIFT_RUN_LENGTH,
                            ValueType.wholeNumber(DriftSettings.SHORTEST_RUN, MAX_STEPS)),
                    Setting.of(DRIFT_INPUTS, ValueType.flag()),
                    Setting.of(PROBE_SHARE, ValueType.fraction()),
                    Setting.of(
                            PROBE_PERIOD,
                            ValueType.integer(ProbeSettings.SHORTEST_PERIOD, Integer.MAX_VALUE)),
                    Setting.of(REPLAY_SHARE, ValueType.number(0, ReplaySettings.LARGEST_SHARE)),
                    Setting.of(
                            REPLAY_MAX_SIZE,
                            ValueType.memory(
                                    new MemorySize(ReplaySettings.FEWEST_BYTES),
                                    new MemorySize(ReplaySettings.MOST_BYTES))),
                    Setting.of(EXAMPLES_PER_PASS, ValueType.integer(0, 65536)));

    private RankstreamOptions() {}

    private static Stream<Setting<?>> topics() {
        return Stream.concat(
                Stream.of(Setting.of(TOPICS_PREFIX, ValueType.topicPrefix(Topic.LONGEST_ROLE))),
                Topic.ALL.stream().map(topic -> Setting.of(topic.option(), ValueType.topic())));
    }

    /** Key of {@code option} without the prefix that the settings of adapters have in common. */
    static String nameOf(ConfigOption<?> option) {
        String key = option.key();
        return key.startsWith(TRAINING) ? key.substring(TRAINING.length()) : key;
    }

    private static boolean ofSelection(ConfigOption<?> option) {
        return Set.of(
                        LOOP_BUDGET_SHARE,
                        LOOP_LABELS_PER_HOUR,
                        LOOP_UNIFORM_SHARE,
                        LOOP_UTILITY,
                        LOOP_MAX_OPEN)
                .contains(option);
    }

    /** Keys of all options. */
    static Stream<String> keys() {
        return Stream.concat(JOB.stream(), ADAPTER.stream()).map(Setting::key);
    }
}
