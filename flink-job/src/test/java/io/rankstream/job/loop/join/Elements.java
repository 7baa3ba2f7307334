package io.rankstream.job.loop.join;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.GivenPrediction;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.input.ModelVersion;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Inputs and votes of one adapter. */
public final class Elements {

    public static final String ADAPTER = "mail";
    public static final List<String> LABELS = List.of("ham", "spam", "list");

    /** When the stream begins. */
    static final long START = Duration.ofDays(20_000).toMillis();

    private Elements() {}

    /** An input that the adapter takes for ham. */
    public static PredictedInput input(String id, long eventTime) {
        return input(
                id,
                eventTime,
                Optional.of(new Target.Label("ham")),
                new LabelProbabilities(LABELS, new float[] {.6f, .3f, .1f}));
    }

    /** An input of a regression. */
    static PredictedInput number(String id, long eventTime, double predicted) {
        return input(
                id, eventTime, Optional.of(new Target.Numeric(predicted)), LabelProbabilities.NONE);
    }

    /** An input that says what another model made of it. */
    public static PredictedInput given(String id, long eventTime, LabelProbabilities said) {
        return PredictedInput.given(
                input(id, eventTime, Map.of(), Optional.of(new GivenPrediction("v1", said))));
    }

    /** An input of which nothing was predicted, and of which labels are not known. */
    static PredictedInput unpredicted(String id, long eventTime, Map<String, String> metadata) {
        return PredictedInput.given(input(id, eventTime, metadata, Optional.empty()));
    }

    private static Input input(
            String id,
            long eventTime,
            Map<String, String> metadata,
            Optional<GivenPrediction> given) {
        return new Input(
                id,
                ADAPTER,
                "text of " + id,
                Optional.empty(),
                metadata,
                eventTime,
                given,
                origin("unlabeled-inputs"));
    }

    /** An input of which the adapter says something. */
    public static PredictedInput input(
            String id, long eventTime, Optional<Target> predicted, LabelProbabilities said) {
        return new PredictedInput(
                input(id, eventTime, Map.of("from", "alice"), Optional.empty()),
                Optional.of(new ModelVersion.Published(3)),
                40,
                1,
                false,
                false,
                predicted,
                said,
                0,
                eventTime);
    }

    /** A vote of annotator {@code who}, the id of which is as their name. */
    public static Vote vote(String who, String exampleId, String label) {
        return vote(who, 1, exampleId, who, VoteKind.VOTE, new Target.Label(label), START);
    }

    static Vote vote(
            String labelId,
            long revision,
            String exampleId,
            String who,
            VoteKind kind,
            Target label,
            long labeledAt) {
        return new Vote(
                labelId,
                revision,
                exampleId,
                ADAPTER,
                Optional.empty(),
                who,
                kind,
                Optional.ofNullable(label),
                1,
                labeledAt,
                origin("labels"));
    }

    private static RawRecord origin(String topic) {
        return new RawRecord(topic, 0, 0, new byte[0], new byte[0]);
    }
}
