package io.rankstream.job.metrics;

import static io.rankstream.job.metrics.MetricLabel.ADAPTER;
import static io.rankstream.job.metrics.MetricLabel.FOLDER;
import static io.rankstream.job.metrics.MetricLabel.REASON;
import static io.rankstream.job.metrics.MetricType.COUNTER;
import static io.rankstream.job.metrics.MetricType.GAUGE;
import static io.rankstream.job.metrics.MetricType.HISTOGRAM;
import static io.rankstream.job.metrics.MetricType.METER;
import static java.util.function.Function.identity;

import io.rankstream.adapters.task.WatchedMetric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * Every metric of Rankstream: the only place where one is named, explained and registered. All are
 * metrics of operators. Gauges are asked by the threads of reporters.
 */
public final class JobMetric {
    /** Operators that have metrics. */
    private enum Place {
        SOURCES(
                "Source: labeled examples, Source: commands, Source: unlabeled inputs, Source: labels",
                ""),
        TRAIN("train", ""),
        FLEET("fleet", ""),
        LOOP("loop", ""),
        DEAD_LETTERS("dead letters: Writer", "user_"),
        VERSIONS("adapter versions: Committer", "");

        private final String operators;
        private final String group;

        Place(String operators, String group) {
            this.operators = operators;
            this.group = group;
        }
    }

    /** What Flink puts before the name of an operator's metric. */
    private static final String OPERATOR_SCOPE = "flink_taskmanager_job_task_operator_";

    private static final int HISTOGRAM_VALUES = 1000;

    private static final List<JobMetric> CATALOGUE = new ArrayList<>();

    public static final JobMetric INPUT_GAPS =
            listed(
                    Place.SOURCES,
                    "inputGaps",
                    COUNTER,
                    "gaps",
                    "Times that input was not what it was before.");
    public static final JobMetric LOST_RECORDS =
            listed(
                    Place.SOURCES,
                    "lostRecords",
                    COUNTER,
                    "offsets",
                    "Offsets that were deleted before they were read; at most as many records.");

    public static final JobMetric STEPS =
            listed(Place.TRAIN, "steps", COUNTER, "steps", "Optimizer steps.");
    public static final JobMetric EXAMPLES =
            listed(Place.TRAIN, "examples", COUNTER, "examples", "Examples trained on.");
    public static final JobMetric REFUSED_EXAMPLES =
            listed(
                    Place.TRAIN,
                    "refusedExamples",
                    COUNTER,
                    "examples",
                    "Examples that the train operator refused; `deadLetters` counts all refused"
                            + " records.");
    public static final JobMetric WITHHELD_EXAMPLES =
            listed(
                    Place.TRAIN,
                    "withheldExamples",
                    COUNTER,
                    "examples",
                    "Examples that were kept as probes and not learned from, see"
                            + " `training.probe-share`.");
    public static final JobMetric TOKENS =
            listed(
                    Place.TRAIN,
                    "tokens",
                    COUNTER,
                    "tokens",
                    "Tokens that went through the base model, those of kept examples included,"
                            + " without padding.");
    public static final JobMetric TOKENS_PER_SECOND =
            listed(
                    Place.TRAIN,
                    "tokensPerSecond",
                    METER,
                    "tokens/s",
                    "The same over the last minute, waiting included.");
    public static final JobMetric STEP_MILLIS =
            listed(
                    Place.TRAIN,
                    "stepMillis",
                    HISTOGRAM,
                    "ms",
                    "Time from handing over the micro-batches of a pass to their outcomes, over the"
                            + " newest 1,000 passes with a step.");
    public static final JobMetric BUNDLE_ADAPTERS =
            listed(
                    Place.TRAIN,
                    "bundleAdapters",
                    HISTOGRAM,
                    "adapters",
                    "Adapters that were trained together, over the newest 1,000 passes.");
    public static final JobMetric BUNDLE_TOKENS =
            listed(
                    Place.TRAIN,
                    "bundleTokens",
                    HISTOGRAM,
                    "tokens",
                    "Tokens of a pass, without padding, over the newest 1,000 passes.");
    public static final JobMetric PREDICTED_INPUTS =
            listed(
                    Place.TRAIN,
                    "predictedInputs",
                    COUNTER,
                    "inputs",
                    "Inputs without a label that were predicted.");
    public static final JobMetric PREDICTED_INPUTS_PER_SECOND =
            listed(
                    Place.TRAIN,
                    "predictedInputsPerSecond",
                    METER,
                    "inputs/s",
                    "The same, over the last minute.");
    public static final JobMetric PREDICTION_WAIT_MILLIS =
            listed(
                    Place.TRAIN,
                    "predictionWaitMillis",
                    HISTOGRAM,
                    "ms",
                    "Time from an input's arrival at the operator to its prediction, over the"
                            + " newest 1,000 inputs.");
    public static final JobMetric PREDICTION_AGE_MILLIS =
            listed(
                    Place.TRAIN,
                    "predictionAgeMillis",
                    HISTOGRAM,
                    "ms",
                    "Time from an input's record, by its timestamp, to its prediction, over the"
                            + " newest 1,000 inputs.");
    public static final JobMetric CACHE_HITS =
            listed(
                    Place.TRAIN,
                    "adapterCacheHits",
                    COUNTER,
                    "micro-batches",
                    "Micro-batches that found their adapter ready to train.");
    public static final JobMetric CACHE_MISSES =
            listed(
                    Place.TRAIN,
                    "adapterCacheMisses",
                    COUNTER,
                    "micro-batches",
                    "Micro-batches whose adapter had to be created or read from state.");
    public static final JobMetric ADAPTERS =
            listed(
                    Place.TRAIN,
                    "adapters",
                    GAUGE,
                    "adapters",
                    "Adapters of the subtask, in its keyed state or about to be.");
    public static final JobMetric RESIDENT_ADAPTERS =
            listed(Place.TRAIN, "residentAdapters", GAUGE, "adapters", "Adapters ready to train.");
    public static final JobMetric RESIDENT_ADAPTER_BYTES =
            listed(
                    Place.TRAIN,
                    "residentAdapterBytes",
                    GAUGE,
                    "bytes",
                    "What these take on the device.");
    public static final JobMetric PROCESS_RESIDENT_BYTES =
            listed(
                    Place.TRAIN,
                    "processResidentBytes",
                    GAUGE,
                    "bytes",
                    "Resident memory of the whole process, as Linux tells it. Subtasks of one"
                            + " process tell the same. NaN on other systems.");
    public static final JobMetric PROCESS_NATIVE_BYTES =
            listed(
                    Place.TRAIN,
                    "processNativeBytes",
                    GAUGE,
                    "bytes",
                    "Of that, what is beyond the memory that the JVM has committed: libtorch and"
                            + " RocksDB above all. A lower bound while the JVM has not touched all of"
                            + " its heap.");

    public static final JobMetric DISK_BYTES =
            listed(
                    Place.TRAIN,
                    "diskBytes",
                    GAUGE,
                    "bytes",
                    "Size of the disk that a folder of this machine is on; none of object stores.",
                    FOLDER);
    public static final JobMetric DISK_FREE_BYTES =
            listed(
                    Place.TRAIN,
                    "diskFreeBytes",
                    GAUGE,
                    "bytes",
                    "What the job may still write there.",
                    FOLDER);

    public static final JobMetric ADAPTER_EXAMPLES =
            listed(
                    Place.TRAIN,
                    "examples",
                    COUNTER,
                    "examples",
                    "Examples trained on since the task started: for rates.",
                    ADAPTER);
    public static final JobMetric REPLAYED_EXAMPLES =
            listed(
                    Place.TRAIN,
                    "replayedExamples",
                    COUNTER,
                    "examples",
                    "Kept examples that were learned from again since the task started; none of"
                            + " `examples`.",
                    ADAPTER);
    public static final JobMetric ADAPTER_STEPS =
            listed(
                    Place.TRAIN,
                    "steps",
                    COUNTER,
                    "steps",
                    "Optimizer steps since the task started: for rates.",
                    ADAPTER);
    public static final JobMetric LIFETIME_EXAMPLES =
            listed(
                    Place.TRAIN,
                    "lifetimeExamples",
                    GAUGE,
                    "examples",
                    "Examples trained on in the adapter's life. In state: a restart changes"
                            + " nothing, a roll-back or reset does.",
                    ADAPTER);
    public static final JobMetric LIFETIME_STEPS =
            listed(
                    Place.TRAIN,
                    "lifetimeSteps",
                    GAUGE,
                    "steps",
                    "Optimizer steps in the adapter's life. In state.",
                    ADAPTER);
    public static final JobMetric LOSS =
            listed(
                    Place.TRAIN,
                    "loss",
                    GAUGE,
                    "loss",
                    "Mean loss of the newest 50 examples: cross entropy in nats, or squared error;"
                            + " each before it was learned from. Begins anew when the task starts; NaN"
                            + " before the first example.",
                    ADAPTER);

    /** Gauges of what tasks watch, as {@link WatchedMetric#all} has it. */
    private static final Map<WatchedMetric, JobMetric> OF_SCORES =
            WatchedMetric.all().stream()
                    .collect(Collectors.toUnmodifiableMap(identity(), JobMetric::gaugeOf));

    public static final JobMetric LIVE_RANK =
            listed(
                    Place.TRAIN,
                    "liveRank",
                    GAUGE,
                    "triplets",
                    "Triplets that the last mask kept, over all modules. In state. Not of"
                            + " `_other`.",
                    ADAPTER);
    public static final JobMetric RANK_BUDGET =
            listed(
                    Place.TRAIN,
                    "rankBudget",
                    GAUGE,
                    "triplets",
                    "Triplets that the schedule allowed at the last step, over all modules. In"
                            + " state. Not of `_other`.",
                    ADAPTER);
    public static final JobMetric VERSION =
            listed(
                    Place.TRAIN,
                    "version",
                    GAUGE,
                    "version",
                    "Newest version, 0 before the first. In state. Not of `_other`.",
                    ADAPTER);
    public static final JobMetric VERSION_AGE =
            listed(
                    Place.TRAIN,
                    "versionAgeSeconds",
                    GAUGE,
                    "s",
                    "Time since that version was taken. After a restart, since its manifest was"
                            + " written; NaN without a version or where that is not to be found. Not of"
                            + " `_other`.",
                    ADAPTER);
    public static final JobMetric DRIFT_ALARMS =
            listed(
                    Place.TRAIN,
                    "driftAlarms",
                    COUNTER,
                    "alarms",
                    "Alarms since the task started: the adapter errs more often than it did.",
                    ADAPTER);
    public static final JobMetric LIFETIME_DRIFT_ALARMS =
            listed(
                    Place.TRAIN,
                    "lifetimeDriftAlarms",
                    GAUGE,
                    "alarms",
                    "Alarms in the adapter's life; NaN where `training.drift` is off. In state. Not"
                            + " of `_other`.",
                    ADAPTER);
    public static final JobMetric DRIFT_ADVICE =
            listed(
                    Place.TRAIN,
                    "driftAdvice",
                    COUNTER,
                    "pieces",
                    "Pieces of advice since the task started: inputs have become others, by what"
                            + " can be seen of them without labels. None where `training.drift-inputs`"
                            + " is false.",
                    ADAPTER);
    public static final JobMetric SURPRISE_SHARE =
            listed(
                    Place.TRAIN,
                    "surpriseShare",
                    GAUGE,
                    "share",
                    "Examples that are usually a surprise: a wrong prediction, or a loss above nine"
                            + " tenths of those before. What an alarm is measured against; NaN where"
                            + " `training.drift` is off. In state. Not of `_other`.",
                    ADAPTER);
    public static final JobMetric SINCE_DRIFT_ALARM =
            listed(
                    Place.TRAIN,
                    "examplesSinceDriftAlarm",
                    GAUGE,
                    "examples",
                    "Examples since the last alarm; NaN before the first, where that was dismissed,"
                            + " and where `training.drift` is off. In state. Not of `_other`.",
                    ADAPTER);
    public static final JobMetric PROBES_THEN =
            listed(
                    Place.TRAIN,
                    "probesThen",
                    GAUGE,
                    "share or error",
                    "How well the probes were answered, each at the end of its period: the share of"
                            + " right labels, or the mean squared error of numbers. NaN without probes"
                            + " (`training.probe-share`). In state. Not of `_other`.",
                    ADAPTER);
    public static final JobMetric PROBES_NOW =
            listed(
                    Place.TRAIN,
                    "probesNow",
                    GAUGE,
                    "share or error",
                    "The same when they were asked last; what it is worse than `probesThen` is"
                            + " forgotten.",
                    ADAPTER);
    public static final JobMetric SILENCE =
            listed(
                    Place.TRAIN,
                    "secondsSinceLastExample",
                    GAUGE,
                    "s",
                    "Time since the newest step of the adapter; until there is one, since the task"
                            + " started.",
                    ADAPTER);
    public static final JobMetric TRUNCATED_SHARE =
            listed(
                    Place.TRAIN,
                    "truncatedShare",
                    GAUGE,
                    "share",
                    "Examples whose text was cut at `model.max-length`, of all of the adapter's"
                            + " life. In state.",
                    ADAPTER);
    public static final JobMetric UNKNOWN_TOKEN_SHARE =
            listed(
                    Place.TRAIN,
                    "unknownTokenShare",
                    GAUGE,
                    "share",
                    "Tokens that the tokenizer has no entry for, of all tokens trained on since the"
                            + " task started; NaN before the first example.",
                    ADAPTER);

    public static final JobMetric DEAD_LETTERS =
            listed(
                    Place.DEAD_LETTERS,
                    "deadLetters",
                    COUNTER,
                    "records",
                    "Records that were refused.",
                    REASON);
    public static final JobMetric REFUSED_RECORDS =
            listed(
                    Place.DEAD_LETTERS,
                    "refusedRecords",
                    COUNTER,
                    "records",
                    "The same by adapter, where the record names one. Adapters that the"
                            + " configuration does not know are counted as `_other`.",
                    ADAPTER,
                    REASON);

    public static final JobMetric FLEET_TRIPLETS =
            listed(
                    Place.FLEET,
                    "fleetTriplets",
                    GAUGE,
                    "triplets",
                    "What the adapters share, `fleet.triplets`.");
    public static final JobMetric FLEET_TARGETS =
            listed(
                    Place.FLEET,
                    "fleetTargets",
                    GAUGE,
                    "triplets",
                    "What the adapters' budgets end at, all together, commands on their way"
                            + " included; 0 from a start to the first news of an adapter.");
    public static final JobMetric FLEET_ADAPTERS =
            listed(
                    Place.FLEET,
                    "fleetAdapters",
                    GAUGE,
                    "adapters",
                    "Adapters that share it; 0 as long as that.");
    public static final JobMetric FLEET_ALLOCATIONS =
            listed(
                    Place.FLEET,
                    "fleetAllocations",
                    COUNTER,
                    "allocations",
                    "Times that it was divided.");
    public static final JobMetric FLEET_COMMANDS =
            listed(
                    Place.FLEET,
                    "fleetCommands",
                    COUNTER,
                    "commands",
                    "Commands that moved the budget of an adapter.");

    public static final JobMetric LOOP_INPUTS =
            listed(
                    Place.LOOP,
                    "loopInputs",
                    COUNTER,
                    "inputs",
                    "Inputs that wait for a label, or waited.");
    public static final JobMetric LOOP_VOTES =
            listed(
                    Place.LOOP,
                    "loopVotes",
                    COUNTER,
                    "votes",
                    "Revisions of votes that came, those that came twice included.");
    public static final JobMetric DUPLICATE_VOTES =
            listed(
                    Place.LOOP,
                    "duplicateVotes",
                    COUNTER,
                    "votes",
                    "Those that had come before, and changed nothing.");
    public static final JobMetric LABEL_REQUESTS =
            listed(
                    Place.LOOP,
                    "labelRequests",
                    COUNTER,
                    "requests",
                    "Requests for labels that were made.");
    public static final JobMetric LABEL_OUTCOMES =
            listed(
                    Place.LOOP,
                    "labelOutcomes",
                    COUNTER,
                    "outcomes",
                    "What became of votes and requests, by status.",
                    MetricLabel.STATUS);

    public static final JobMetric ESTIMATED_ACCURACY =
            listed(
                    Place.LOOP,
                    "estimatedAccuracy",
                    GAUGE,
                    "share",
                    "Share of right predictions among all inputs without a label, estimated from the labels that"
                            + " were asked for. This and the gauges below tell the newest record of `adapter-quality`; NaN before"
                            + " the first since the task started, and where it says nothing. Not of `_other`.",
                    ADAPTER);
    public static final JobMetric ESTIMATED_ACCURACY_LOW =
            listed(
                    Place.LOOP,
                    "estimatedAccuracyLow",
                    GAUGE,
                    "share",
                    "Lower end of its 95 % interval.",
                    ADAPTER);
    public static final JobMetric ESTIMATED_ACCURACY_HIGH =
            listed(
                    Place.LOOP,
                    "estimatedAccuracyHigh",
                    GAUGE,
                    "share",
                    "Upper end of its 95 % interval.",
                    ADAPTER);
    public static final JobMetric UNIFORM_ACCURACY =
            listed(
                    Place.LOOP,
                    "uniformAccuracy",
                    GAUGE,
                    "share",
                    "Share of right predictions among inputs that were drawn by the share that all have alike, each weighed by its probability to be.",
                    ADAPTER);
    public static final JobMetric NAIVE_ACCURACY =
            listed(
                    Place.LOOP,
                    "naiveAccuracy",
                    GAUGE,
                    "share",
                    "Share of right predictions among all inputs that got a label: biased by what was selected.",
                    ADAPTER);
    public static final JobMetric EFFECTIVE_LABELS =
            listed(
                    Place.LOOP,
                    "effectiveLabels",
                    GAUGE,
                    "labels",
                    "Labels of equal weight that would tell as much as the estimate; below 50, its interval may not hold.",
                    ADAPTER);
    public static final JobMetric LABEL_MATURITY =
            listed(
                    Place.LOOP,
                    "labelMaturity",
                    GAUGE,
                    "share",
                    "Share of the inputs that were asked for of which it is known whether their label comes.",
                    ADAPTER);
    public static final JobMetric OPEN_REQUESTS =
            listed(
                    Place.LOOP,
                    "openRequests",
                    GAUGE,
                    "requests",
                    "Requests that wait for an answer.",
                    ADAPTER);
    public static final JobMetric AWAITED_INPUTS =
            listed(
                    Place.LOOP,
                    "awaitedInputs",
                    GAUGE,
                    "inputs",
                    "Inputs that have not come and that votes wait for.",
                    ADAPTER);
    public static final JobMetric ANNOTATOR_AGREEMENT =
            listed(
                    Place.LOOP,
                    "annotatorAgreement",
                    GAUGE,
                    "share",
                    "Share of pairs of votes on one input that say the same.",
                    ADAPTER);
    public static final JobMetric LABEL_DELAY_P50 =
            listed(
                    Place.LOOP,
                    "labelDelayP50",
                    GAUGE,
                    "s",
                    "Median time from an input to its label.",
                    ADAPTER);
    public static final JobMetric LABEL_DELAY_P95 =
            listed(
                    Place.LOOP,
                    "labelDelayP95",
                    GAUGE,
                    "s",
                    "95 % of the labels came sooner.",
                    ADAPTER);
    public static final JobMetric BUDGET_SPENT =
            listed(
                    Place.LOOP,
                    "budgetSpent",
                    GAUGE,
                    "share",
                    "Requests that were made, of those that the budget had allowed since the adapter's first input.",
                    ADAPTER);
    public static final JobMetric LABELS_RETURNED =
            listed(
                    Place.LOOP,
                    "labelsReturned",
                    COUNTER,
                    "labels",
                    "Labels that were asked for and decided, since the task started.",
                    ADAPTER);
    public static final JobMetric REQUESTS_EXPIRED =
            listed(
                    Place.LOOP,
                    "requestsExpired",
                    COUNTER,
                    "requests",
                    "Requests that nobody answered in time with a label, since the task started.",
                    ADAPTER);
    public static final JobMetric LABEL_CONFLICTS =
            listed(
                    Place.LOOP,
                    "labelConflicts",
                    COUNTER,
                    "requests",
                    "Requests whose votes still differed when their time was up, since the task started.",
                    ADAPTER);

    public static final JobMetric WAITING_VERSIONS =
            listed(
                    Place.VERSIONS,
                    "waitingVersions",
                    GAUGE,
                    "versions",
                    "Versions that cannot be written, since the folder of their adapter cannot be"
                            + " used.");

    private final Place place;
    private final String flinkName;
    private final MetricType type;
    private final String unit;
    private final String meaning;

    private final List<MetricLabel> labels;

    private JobMetric(
            Place place,
            String flinkName,
            MetricType type,
            String unit,
            String meaning,
            MetricLabel... labels) {
        this.place = place;
        this.flinkName = flinkName;
        this.type = type;
        this.unit = unit;
        this.meaning = meaning;
        this.labels = List.of(labels);
    }

    private static JobMetric listed(
            Place place,
            String flinkName,
            MetricType type,
            String unit,
            String meaning,
            MetricLabel... labels) {
        JobMetric metric = new JobMetric(place, flinkName, type, unit, meaning, labels);
        CATALOGUE.add(metric);
        return metric;
    }

    private static JobMetric gaugeOf(WatchedMetric watched) {
        return listed(
                Place.TRAIN, watched.name(), GAUGE, watched.unit(), watched.meaning(), ADAPTER);
    }

    /** All of them. */
    public static List<JobMetric> all() {
        return Collections.unmodifiableList(CATALOGUE);
    }

    /** The gauge of what a task watches. */
    public static JobMetric of(WatchedMetric watched) {
        return OF_SCORES.get(watched);
    }

    /** Operators that have it, as the label {@code operator_name} names them. */
    public List<String> operators() {
        return List.of(place.operators.split(", "));
    }

    /** Name within its group. */
    public String flinkName() {
        return flinkName;
    }

    /** Name in Prometheus, by Flink's reporter. */
    public String prometheusName() {
        return labels.stream()
                .map(label -> label.key() + "_")
                .collect(Collectors.joining("", OPERATOR_SCOPE + place.group, flinkName));
    }

    public MetricType type() {
        return type;
    }

    /** What is counted or measured in. */
    public String unit() {
        return unit;
    }

    /** What it tells, in Markdown. */
    public String meaning() {
        return meaning;
    }

    /** Labels of ours, in the order of their groups. */
    public List<MetricLabel> labels() {
        return labels;
    }

    /** Registers a counter for use by one thread. */
    public Counter counter(MetricGroup group) {
        require(COUNTER);
        return group.counter(flinkName);
    }

    /** Registers a counter for use by several threads. */
    public Counter sharedCounter(MetricGroup group) {
        require(COUNTER);
        return group.counter(flinkName, new ThreadSafeSimpleCounter());
    }

    /** Registers a gauge; {@code value} is asked by other threads. */
    public void gauge(MetricGroup group, Supplier<? extends Number> value) {
        require(GAUGE);
        group.gauge(flinkName, (Gauge<Number>) value::get);
    }

    /** Registers the rate of a counter. */
    public void rate(MetricGroup group, Counter counted) {
        require(METER);
        group.meter(flinkName, new MeterView(counted));
    }

    /** Registers a histogram over the newest 1,000 values. */
    public Histogram histogram(MetricGroup group) {
        require(HISTOGRAM);
        return group.histogram(flinkName, new DescriptiveStatisticsHistogram(HISTOGRAM_VALUES));
    }

    private void require(MetricType expected) {
        if (type != expected) {
            throw new IllegalArgumentException(flinkName + " is a " + type + ", not a " + expected);
        }
    }
}
