package io.rankstream.job.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import io.rankstream.schemas.UnlabeledInput;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * A topic of a job, all of it in one row: options, creation, checks, rights, registry and sinks go
 * by the rows. What the job writes, it writes in transactions.
 *
 * @param <T> generated class of the values
 * @param role what it is for; option {@code topics.ROLE} names the topic, which is otherwise called
 *     so behind {@code topics.prefix}. Its operator has this uid, so a role never changes
 * @param type generated class of the values
 * @param key what a record is keyed by
 * @param cleanup what of it the broker may delete
 * @param retention how long records are kept where the topic is created here; empty for the
 *     broker's default, as for everything that is not said
 * @param partitions number of partitions where it is created here
 * @param largest largest record that the job writes
 * @param description what a user is told of the option
 */
public record Topic<T extends SpecificRecordBase>(
        String role,
        Class<T> type,
        Key<T> key,
        Cleanup cleanup,
        Optional<Duration> retention,
        OptionalInt partitions,
        LargestRecord largest,
        String description) {

    private static final Optional<Duration> MONTH = Optional.of(Duration.ofDays(30));

    private static final int KIB = 1 << 10;

    /**
     * The examples. The job writes those whose labels it has joined. The number of partitions
     * cannot be raised later without moving adapters between them; so many tasks can read at once,
     * and the key keeps the order of each adapter.
     */
    public static final Topic<LabeledExample> LABELED_EXAMPLES =
            new Topic<>(
                    "labeled-examples",
                    LabeledExample.class,
                    byAdapter(LabeledExample::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.of(4),
                    new LargestRecord(512 * KIB, LargestRecord.Labels.TWO),
                    "Input: labeled examples.");

    /** Commands to adapters. The job writes some where its adapters share one budget. */
    public static final Topic<ControlCommand> CONTROL_COMMANDS =
            new Topic<>(
                    "control-commands",
                    ControlCommand.class,
                    byAdapter(ControlCommand::getAdapterId),
                    Cleanup.BY_AGE,
                    Optional.empty(),
                    OptionalInt.empty(),
                    new LargestRecord(4 * KIB, LargestRecord.Labels.NONE),
                    "Input: commands to adapters.");

    /** Prequential predictions. */
    public static final Topic<Prediction> PREDICTIONS =
            new Topic<>(
                    "predictions",
                    Prediction.class,
                    byAdapter(Prediction::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(16 * KIB, LargestRecord.Labels.TWO),
                    "Output: what each adapter said of each example before it was trained on it.");

    /** Reports of optimizer steps. Earlier releases answered commands here too. */
    public static final Topic<TrainingReport> TRAINING_REPORTS =
            new Topic<>(
                    "training-reports",
                    TrainingReport.class,
                    byAdapter(TrainingReport::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(32 * KIB, LargestRecord.Labels.NONE),
                    "Output: one report per optimizer step.");

    /** Answers to commands. */
    public static final Topic<CommandAnswer> COMMAND_ANSWERS =
            new Topic<>(
                    "command-answers",
                    CommandAnswer.class,
                    byAdapter(CommandAnswer::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(32 * KIB, LargestRecord.Labels.NONE),
                    "Output: one answer per command.");

    /** Alarms of drift, and what was said of them. */
    public static final Topic<DriftEvent> DRIFT_EVENTS =
            new Topic<>(
                    "drift-events",
                    DriftEvent.class,
                    byAdapter(DriftEvent::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(16 * KIB, LargestRecord.Labels.NONE),
                    "Output: alarms of adapters that err more often than they did, advice on their"
                            + " inputs, changes that were announced, and what was said of them.");

    /** Announcements of versions. */
    public static final Topic<AdapterVersion> ADAPTER_VERSIONS =
            new Topic<>(
                    "adapter-versions",
                    AdapterVersion.class,
                    byAdapter(AdapterVersion::getAdapterId),
                    Cleanup.COMPACTED,
                    Optional.empty(),
                    OptionalInt.empty(),
                    new LargestRecord(32 * KIB, LargestRecord.Labels.ALL),
                    "Output: announcements of published adapters, to be compacted by adapter id.");

    /** Refused records, each with the key that it had; a letter can be cut down to its limit. */
    public static final Topic<DeadLetter> DEAD_LETTERS =
            new Topic<>(
                    "dead-letters",
                    DeadLetter.class,
                    letter -> bytes(letter.getKey()),
                    Cleanup.BY_AGE_ALONE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(32 * KIB, LargestRecord.Labels.NONE),
                    "Output: refused records, with their original bytes.");

    /**
     * Inputs that nobody has labeled. As many partitions as there are of the examples, for the same
     * reason.
     */
    public static final Topic<UnlabeledInput> UNLABELED_INPUTS =
            new Topic<>(
                    "unlabeled-inputs",
                    UnlabeledInput.class,
                    byAdapter(UnlabeledInput::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.of(4),
                    LargestRecord.NONE,
                    "Input: texts without a label, to predict; read where 'loop.mode' says so.");

    /** Votes of people, and of systems that know what is true. */
    public static final Topic<LabelVote> LABELS =
            new Topic<>(
                    "labels",
                    LabelVote.class,
                    byAdapter(LabelVote::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.of(4),
                    LargestRecord.NONE,
                    "Input: votes on what is true of inputs; read where 'loop.mode' says so.");

    /** What was said of inputs without a label. */
    public static final Topic<InputPrediction> INPUT_PREDICTIONS =
            new Topic<>(
                    "input-predictions",
                    InputPrediction.class,
                    byAdapter(InputPrediction::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(16 * KIB, LargestRecord.Labels.ALL),
                    "Output: what adapters say of inputs without a label.");

    /** What people are asked; it carries the whole text. */
    public static final Topic<LabelRequest> LABEL_REQUESTS =
            new Topic<>(
                    "label-requests",
                    LabelRequest.class,
                    byAdapter(LabelRequest::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(512 * KIB, LargestRecord.Labels.ALL),
                    "Output: which inputs people shall label.");

    /** What became of votes. */
    public static final Topic<LabelOutcome> LABEL_OUTCOMES =
            new Topic<>(
                    "label-outcomes",
                    LabelOutcome.class,
                    byAdapter(LabelOutcome::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(256 * KIB, LargestRecord.Labels.TWO),
                    "Output: what became of every vote.");

    /** Quality of adapters on all of their inputs. */
    public static final Topic<AdapterQuality> ADAPTER_QUALITY =
            new Topic<>(
                    "adapter-quality",
                    AdapterQuality.class,
                    byAdapter(AdapterQuality::getAdapterId),
                    Cleanup.BY_AGE,
                    MONTH,
                    OptionalInt.empty(),
                    new LargestRecord(128 * KIB, LargestRecord.Labels.ALL),
                    "Output: how good adapters are on inputs, estimated from the labels that came.");

    /** All topics, in the order of the documentation. */
    public static final List<Topic<?>> ALL =
            List.of(
                    LABELED_EXAMPLES,
                    CONTROL_COMMANDS,
                    PREDICTIONS,
                    TRAINING_REPORTS,
                    COMMAND_ANSWERS,
                    DRIFT_EVENTS,
                    ADAPTER_VERSIONS,
                    DEAD_LETTERS,
                    UNLABELED_INPUTS,
                    LABELS,
                    INPUT_PREDICTIONS,
                    LABEL_REQUESTS,
                    LABEL_OUTCOMES,
                    ADAPTER_QUALITY);

    /** Length of the longest role. */
    public static final int LONGEST_ROLE =
            ALL.stream().mapToInt(topic -> topic.role().length()).max().orElseThrow();

    /** Those that adapters learn by. */
    public static final List<Topic<?>> LEARNING_INPUTS =
            List.of(LABELED_EXAMPLES, CONTROL_COMMANDS);

    /** What learning tells, beside dead letters. */
    public static final List<Topic<?>> LEARNING_OUTPUTS =
            List.of(PREDICTIONS, TRAINING_REPORTS, COMMAND_ANSWERS, DRIFT_EVENTS, ADAPTER_VERSIONS);

    /** What asking for labels, and joining them, tells beside predictions. */
    public static final List<Topic<?>> LOOP_OUTPUTS =
            List.of(LABELED_EXAMPLES, LABEL_REQUESTS, LABEL_OUTCOMES, ADAPTER_QUALITY);

    /** What of a topic the broker may delete. */
    public enum Cleanup {
        /** All but the newest record of each key. */
        COMPACTED,
        /** What is old. Compaction would delete what nobody has read yet. */
        BY_AGE,
        /** What is old. Compaction is impossible, since records may have no key. */
        BY_AGE_ALONE
    }

    /**
     * Bytes of a record's key.
     *
     * @param <T> class of the value
     */
    @FunctionalInterface
    public interface Key<T> extends Serializable {

        /** The key; null for none. */
        byte[] of(T value);
    }

    private interface AdapterOf<T> extends Function<T, String>, Serializable {}

    private static <T> Key<T> byAdapter(AdapterOf<T> adapter) {
        return value -> adapter.apply(value).getBytes(UTF_8);
    }

    private static byte[] bytes(ByteBuffer key) {
        if (key == null) {
            return null;
        }
        byte[] bytes = new byte[key.remaining()];
        key.duplicate().get(bytes);
        return bytes;
    }

    /** Names the topic. */
    public ConfigOption<String> option() {
        return ConfigOptions.key("topics." + role)
                .stringType()
                .defaultValue(role)
                .withDescription(description);
    }

    /** What the values are written with. */
    public Schema schema() {
        return SpecificData.get().getSchema(type);
    }

    @Override
    public String toString() {
        return role;
    }
}
