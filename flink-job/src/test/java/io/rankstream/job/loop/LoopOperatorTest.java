package io.rankstream.job.loop;

import static io.rankstream.job.loop.join.Elements.input;
import static io.rankstream.job.loop.join.Elements.vote;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.join.Elements;
import io.rankstream.job.loop.join.Streams;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.loop.vote.VoteSerializer;
import io.rankstream.job.metrics.JobMetric;
import io.rankstream.job.metrics.RegisteredMetrics;
import io.rankstream.job.record.DeadLetters;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The loop as an operator of Flink, on each state backend. */
@ParameterizedClass
@EnumSource(Backend.class)
@SuppressWarnings("try") // the harness declares that closing throws any exception
class LoopOperatorTest {

    private static final JoinSettings JOIN =
            new JoinSettings(
                    Duration.ofHours(24),
                    Duration.ofHours(12),
                    1,
                    0,
                    true,
                    Duration.ofHours(48),
                    Duration.ofHours(6));

    private static final Selections ALL =
            new Selections(
                    new SelectionSettings(
                            new LabelBudget.Share(1), .5, LabelUtility.MARGIN, 1000, 0),
                    new TreeMap<>());

    private final Backend backend;

    LoopOperatorTest(Backend backend) {
        this.backend = backend;
    }

    @Test
    void anInputIsAskedForDecidedAndTaught() throws Exception {
        try (Run run = new Run(ConfiguredAdapters.NONE, null)) {
            run.take(List.of(input("x", 0), vote("ann", "x", "spam")));

            assertThat(run.predictions())
                    .singleElement()
                    .returns(true, InputPrediction::getSelected)
                    .returns(1.0, InputPrediction::getInclusionProbability);
            assertThat(run.side(LoopOutputs.REQUESTS))
                    .first()
                    .returns("x/1", LabelRequest::getRequestId)
                    .returns("text of x", LabelRequest::getText);
            assertThat(run.side(LoopOutputs.OUTCOMES))
                    .last()
                    .returns(OutcomeStatus.FINAL, LabelOutcome::getStatus);
            assertThat(run.side(LoopOutputs.EXAMPLES))
                    .singleElement()
                    .returns("spam", LabeledExample::getLabel);
        }
    }

    @Test
    void anAdapterThatIsNotConfiguredIsRefused() throws Exception {
        ConfiguredAdapters other =
                ConfiguredAdapters.NONE.with("other", new AdapterSettings(Examples.TEMPLATE));
        try (Run run = new Run(other, null)) {
            run.take(List.of(input("x", 0), vote("ann", "x", "spam")));

            assertThat(run.side(DeadLetters.TAG))
                    .extracting(DeadLetter::getReason)
                    .containsExactly(
                            DeadLetterReason.UNKNOWN_ADAPTER, DeadLetterReason.UNKNOWN_ADAPTER);
        }
    }

    /** Those of adapters are checked when the job starts. */
    @Test
    void labelsThatComeWithAnInputAreBounded() throws Exception {
        try (Run run = new Run(ConfiguredAdapters.NONE, null)) {
            run.take(
                    List.of(
                            given("small", "x".repeat(50_000), "y".repeat(50_000)),
                            given("large", "x".repeat(50_000), "y".repeat(50_001)),
                            given("large by bytes", "ä".repeat(25_000), "ö".repeat(25_001)),
                            ofAdapter("adapter's", "x".repeat(80_000), "y".repeat(80_000))));

            assertThat(run.predictions())
                    .extracting(InputPrediction::getExampleId)
                    .containsExactly("small", "adapter's");
            assertThat(run.side(DeadLetters.TAG))
                    .extracting(DeadLetter::getReason)
                    .containsExactly(DeadLetterReason.TOO_LARGE, DeadLetterReason.TOO_LARGE);
        }
    }

    private static PredictedInput given(String id, String... labels) {
        return Elements.given(id, 0, said(labels));
    }

    private static PredictedInput ofAdapter(String id, String... labels) {
        return Elements.input(id, 0, Optional.of(new Target.Label(labels[0])), said(labels));
    }

    private static LabelProbabilities said(String... labels) {
        return new LabelProbabilities(List.of(labels), new float[] {.7f, .3f});
    }

    /** Quality is told when the next hour of the stream begins. */
    @Test
    void whatBecameOfRequestsAndTheQualityAreMetricsOfTheirAdapter() throws Exception {
        RegisteredMetrics metrics = new RegisteredMetrics();
        try (Measured run = new Measured(metrics, 100, null)) {
            run.take(input("x", 0));
            run.take(vote("ann", "x", "spam"));
            assertThat(metrics.value(JobMetric.LABELS_RETURNED, Elements.ADAPTER)).isEqualTo(1);
            assertThat(metrics.value(JobMetric.BUDGET_SPENT, Elements.ADAPTER)).isNaN();

            run.take(input("y", Duration.ofHours(2).toMillis()));
            assertThat(metrics.value(JobMetric.BUDGET_SPENT, Elements.ADAPTER)).isEqualTo(1);
            assertThat(metrics.value(JobMetric.REQUESTS_EXPIRED, Elements.ADAPTER)).isZero();
        }
    }

    @Test
    void howManyInputsVotesWaitForIsAMetricOfTheirAdapter() throws Exception {
        RegisteredMetrics metrics = new RegisteredMetrics();
        try (Measured run = new Measured(metrics, 100, null)) {
            run.take(vote("ann", "z", "spam"));
            run.take(vote("bob", "z", "spam"));
            assertThat(metrics.value(JobMetric.AWAITED_INPUTS, Elements.ADAPTER)).isEqualTo(1);
            assertThat(metrics.value(JobMetric.OPEN_REQUESTS, Elements.ADAPTER)).isZero();

            run.take(input("z", 0));
            run.take(input("x", 0));
            assertThat(metrics.value(JobMetric.AWAITED_INPUTS, Elements.ADAPTER)).isZero();
            assertThat(metrics.value(JobMetric.OPEN_REQUESTS, Elements.ADAPTER)).isEqualTo(1);
        }
    }

    @Test
    void anAdapterOfACheckpointHasItsMetricsBeforeItsNextElement() throws Exception {
        OperatorSubtaskState state;
        try (Run run = new Run(ConfiguredAdapters.NONE, null)) {
            run.take(
                    List.of(
                            input("x", 0),
                            vote("ann", "x", "spam"),
                            input("y", Duration.ofHours(2).toMillis()),
                            vote("ann", "z", "spam")));
            state = run.harness.snapshot(1, 0);
        }

        RegisteredMetrics metrics = new RegisteredMetrics();
        try (Measured run = new Measured(metrics, 1, state)) {
            assertThat(metrics.value(JobMetric.OPEN_REQUESTS, Elements.ADAPTER)).isEqualTo(1);
            assertThat(metrics.value(JobMetric.AWAITED_INPUTS, Elements.ADAPTER)).isEqualTo(1);
            assertThat(metrics.value(JobMetric.BUDGET_SPENT, Elements.ADAPTER)).isEqualTo(1);
            assertThat(metrics.value(JobMetric.LABEL_CONFLICTS, Elements.ADAPTER)).isZero();
            assertThat(metrics.value(JobMetric.LOOP_INPUTS)).isZero();
        }
    }

    @Test
    void itTellsTheSameOverRestores() throws Exception {
        List<Object> elements = Streams.disordered(11, 400);
        List<Object> whole;
        try (Run run = new Run(ConfiguredAdapters.NONE, null)) {
            run.take(elements);
            whole = run.all();
        }

        Random random = new Random(11);
        List<Object> told = new ArrayList<>();
        OperatorSubtaskState state = null;
        for (int from = 0; from < elements.size(); ) {
            int to = Math.min(elements.size(), from + 1 + random.nextInt(80));
            try (Run run = new Run(ConfiguredAdapters.NONE, state)) {
                run.take(elements.subList(from, to));
                told.addAll(run.all());
                state = run.harness.snapshot(from + 1L, 0);
            }
            from = to;
        }
        assertThat(told).hasSameSizeAs(whole).containsExactlyInAnyOrderElementsOf(whole);
    }

    /** A vote goes from one operator to another as bytes. */
    @Test
    void aVoteIsReadAsItWasWritten() throws Exception {
        Vote vote = vote("ann", "x", "spam");
        DataOutputSerializer out = new DataOutputSerializer(64);
        VoteSerializer.INSTANCE.serialize(vote, out);

        assertThat(
                        VoteSerializer.INSTANCE.deserialize(
                                new DataInputDeserializer(out.getCopyOfBuffer())))
                .usingRecursiveComparison()
                .isEqualTo(vote);
    }

    /** A start of the operator whose metrics are seen. */
    private final class Measured extends AbstractStreamOperatorTestHarness<InputPrediction> {

        private final LoopOperator loop;

        /**
         * @param state null for none
         */
        Measured(RegisteredMetrics metrics, int measuredAdapters, OperatorSubtaskState state)
                throws Exception {
            this(
                    new LoopOperator(JOIN, ALL, ConfiguredAdapters.NONE, measuredAdapters),
                    metrics,
                    state);
        }

        private Measured(LoopOperator loop, RegisteredMetrics metrics, OperatorSubtaskState state)
                throws Exception {
            super(loop, new MockEnvironmentBuilder().setMetricGroup(metrics.task()).build());
            this.loop = loop;
            KeySelector<PredictedInput, String> ofInput = PredictedInput::adapterId;
            KeySelector<Vote, String> ofVote = Vote::adapterId;
            config.setStatePartitioner(0, ofInput);
            config.setStatePartitioner(1, ofVote);
            config.setStateKeySerializer(StringSerializer.INSTANCE);
            config.serializeAllConfigs();
            setStateBackend(backend.create());
            if (state != null) {
                initializeState(state);
            }
            open();
        }

        void take(PredictedInput input) throws Exception {
            StreamRecord<PredictedInput> record = new StreamRecord<>(input);
            loop.setKeyContextElement1(record);
            loop.processElement1(record);
        }

        void take(Vote vote) throws Exception {
            StreamRecord<Vote> record = new StreamRecord<>(vote);
            loop.setKeyContextElement2(record);
            loop.processElement2(record);
        }
    }

    /** A start of the operator. */
    private final class Run implements AutoCloseable {

        private final KeyedTwoInputStreamOperatorTestHarness<
                        String, PredictedInput, Vote, InputPrediction>
                harness;

        Run(ConfiguredAdapters adapters, OperatorSubtaskState state) throws Exception {
            harness =
                    new KeyedTwoInputStreamOperatorTestHarness<>(
                            new LoopOperator(JOIN, ALL, adapters, 100),
                            PredictedInput::adapterId,
                            Vote::adapterId,
                            Types.STRING);
            harness.setStateBackend(backend.create());
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
        }

        void take(List<Object> elements) throws Exception {
            for (Object element : elements) {
                if (element instanceof PredictedInput input) {
                    harness.processElement1(new StreamRecord<>(input));
                } else {
                    harness.processElement2(new StreamRecord<>((Vote) element));
                }
            }
        }

        List<InputPrediction> predictions() {
            return harness.extractOutputValues();
        }

        <T> List<T> side(OutputTag<T> tag) {
            Collection<StreamRecord<T>> records = harness.getSideOutput(tag);
            return records == null
                    ? List.of()
                    : records.stream().map(StreamRecord::getValue).toList();
        }

        List<Object> all() {
            List<Object> all = new ArrayList<>(predictions());
            all.addAll(side(LoopOutputs.REQUESTS));
            all.addAll(side(LoopOutputs.OUTCOMES));
            all.addAll(side(LoopOutputs.EXAMPLES));
            all.addAll(side(LoopOutputs.QUALITY));
            all.addAll(side(DeadLetters.TAG));
            assertThat(all).isNotEmpty();
            return all;
        }

        @Override
        public void close() throws Exception {
            harness.close();
        }
    }
}
