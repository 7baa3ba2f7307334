package io.rankstream.job.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.join.AdapterLoop;
import io.rankstream.job.loop.join.LoopOutput;
import io.rankstream.job.loop.measure.MeasuredLoops;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.MetricLabel;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * What the loop does with each element: its inputs are predicted inputs and votes, keyed by
 * adapter. It sets no timer: deadlines go by the time of each adapter's stream.
 */
final class LoopFunction
        extends KeyedCoProcessFunction<String, PredictedInput, Vote, InputPrediction> {

    private static final long serialVersionUID = 1L;

    /** Bytes of the labels that an input brings with it, so that records stay small. */
    private static final int MOST_LABELS = 100_000;

    private final JoinSettings join;
    private final Selections selections;
    private final ConfiguredAdapters adapters;
    private final int measuredAdapters;

    private transient AdapterLoop loop;
    private transient KeyedLoopState state;
    private transient Counter inputs;
    private transient Counter votes;
    private transient Counter duplicates;
    private transient Counter requests;
    private transient Map<OutcomeStatus, Counter> outcomes;
    private transient MeasuredLoops measured;

    /**
     * @param adapters adapters that are admitted; {@link ConfiguredAdapters#NONE} admits every one
     * @param measuredAdapters adapters of a subtask that have metrics of their own
     */
    LoopFunction(
            JoinSettings join,
            Selections selections,
            ConfiguredAdapters adapters,
            int measuredAdapters) {
        this.join = join;
        this.selections = selections;
        this.adapters = adapters;
        this.measuredAdapters = measuredAdapters;
    }

    @Override
    public void open(OpenContext context) {
        loop = new AdapterLoop(join, selections);
        state = new KeyedLoopState(getRuntimeContext());
        MetricGroup group = getRuntimeContext().getMetricGroup();
        inputs = JobMetric.LOOP_INPUTS.counter(group);
        votes = JobMetric.LOOP_VOTES.counter(group);
        duplicates = JobMetric.DUPLICATE_VOTES.counter(group);
        requests = JobMetric.LABEL_REQUESTS.counter(group);
        measured = new MeasuredLoops(group, measuredAdapters, System::currentTimeMillis);
        outcomes = new EnumMap<>(OutcomeStatus.class);
        for (OutcomeStatus status : OutcomeStatus.values()) {
            if (status != OutcomeStatus.UNKNOWN) {
                outcomes.put(
                        status,
                        JobMetric.LABEL_OUTCOMES.counter(
                                MetricLabel.STATUS.in(group, status.name())));
            }
        }
    }

    /** Adapters of a subtask that have metrics of their own. */
    int measuredAdapters() {
        return measuredAdapters;
    }

    /**
     * A checkpoint had the adapter that is the current key. Its metrics are there at once, so that
     * who watches them misses nothing while no element comes.
     */
    void restored(String adapterId) throws Exception {
        measured.kept(adapterId, state.account());
        loop.quality(adapterId, state).ifPresent(measured::estimated);
    }

    @Override
    public void processElement1(
            PredictedInput input, Context context, Collector<InputPrediction> out)
            throws Exception {
        Told told = new Told(context, out);
        List<String> labels = labels(input);
        long bytes = givenBytes(input);
        if (adapters.isUnknown(input.adapterId())) {
            refuseUnknown(input.input().origin(), input.adapterId(), told);
        } else if (bytes > MOST_LABELS) {
            told.refuse(
                    input.input().origin(),
                    input.adapterId(),
                    DeadLetterReason.TOO_LARGE,
                    "the labels of the input's prediction take %,d bytes in UTF-8, expected %,d at most; send fewer or shorter ones"
                            .formatted(bytes, MOST_LABELS));
        } else {
            loop.input(input, labels, state, told);
            measured.kept(input.adapterId(), state.newest());
        }
    }

    @Override
    public void processElement2(Vote vote, Context context, Collector<InputPrediction> out)
            throws Exception {
        votes.inc();
        Told told = new Told(context, out);
        if (adapters.isUnknown(vote.adapterId())) {
            refuseUnknown(vote.origin(), vote.adapterId(), told);
        } else {
            loop.vote(vote, state, told);
            measured.kept(vote.adapterId(), state.newest());
        }
    }

    /** Labels to choose from: those that could be said, or else those that are configured. */
    private List<String> labels(PredictedInput input) {
        return input.labels().isEmpty()
                ? adapters.template(input.adapterId())
                        .map(TrainingTemplate::labels)
                        .orElse(List.of())
                : input.labels();
    }

    /** Bytes of labels that came with the input; those of adapters are checked at the start. */
    private static long givenBytes(PredictedInput input) {
        return input.input()
                .given()
                .map(given -> given.said().labels())
                .filter(input.labels()::equals)
                .map(labels -> labels.stream().mapToLong(LoopFunction::bytes).sum())
                .orElse(0L);
    }

    private static long bytes(String label) {
        return label.getBytes(UTF_8).length;
    }

    private static void refuseUnknown(RawRecord origin, String adapterId, Told told) {
        told.refuse(
                origin,
                adapterId,
                DeadLetterReason.UNKNOWN_ADAPTER,
                "adapter %s is not configured, and no labels are for adapters without settings of their own"
                        .formatted(Excerpt.of(adapterId)));
    }

    /** Sends what the loop tells of one element to the outputs it belongs to. */
    private final class Told implements LoopOutput {

        private final Context context;
        private final Collector<InputPrediction> out;

        Told(Context context, Collector<InputPrediction> out) {
            this.context = context;
            this.out = out;
        }

        @Override
        public void emit(InputPrediction prediction) {
            inputs.inc();
            measured.met(prediction.getAdapterId());
            out.collect(prediction);
        }

        @Override
        public void emit(LabelRequest request) {
            if (request.getAction() == RequestAction.OPEN) {
                requests.inc();
            }
            context.output(LoopOutputs.REQUESTS, request);
        }

        @Override
        public void emit(LabelOutcome outcome) {
            Optional.ofNullable(outcomes.get(outcome.getStatus())).ifPresent(Counter::inc);
            measured.decided(outcome);
            context.output(LoopOutputs.OUTCOMES, outcome);
        }

        @Override
        public void emit(LabeledExample example) {
            context.output(LoopOutputs.EXAMPLES, example);
        }

        @Override
        public void emit(AdapterQuality quality) {
            measured.estimated(quality);
            context.output(LoopOutputs.QUALITY, quality);
        }

        @Override
        public void refuse(
                RawRecord origin, String adapterId, DeadLetterReason reason, String message) {
            context.output(DeadLetters.TAG, DeadLetters.of(origin, adapterId, reason, message));
        }

        @Override
        public void duplicate() {
            duplicates.inc();
        }
    }
}
