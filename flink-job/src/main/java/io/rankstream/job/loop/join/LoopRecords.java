package io.rankstream.job.loop.join;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.InputPredictions;
import io.rankstream.job.input.ModelVersion;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.entry.KeptInput;
import io.rankstream.job.loop.entry.Question;
import io.rankstream.job.loop.quality.DrawnInput;
import io.rankstream.job.loop.vote.CastVote;
import io.rankstream.job.record.TargetDatum;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.RequestReason;
import io.rankstream.schemas.SettledVote;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Records of one input, as they are written. */
record LoopRecords(String adapterId, String exampleId) {

    /** Between the input's id and the number of its request. */
    private static final char NUMBERED = '/';

    /** What was said of an input, and whether a label is asked for. */
    static InputPrediction prediction(PredictedInput predicted, DrawnInput drawn) {
        InputPrediction prediction = InputPredictions.unselected(predicted);
        prediction.setSelected(drawn.selected());
        prediction.setInclusionProbability(drawn.inclusionProbability());
        prediction.setUniform(drawn.uniform());
        return prediction;
    }

    /** The newest request of an entry, which waits for answers until {@code expiresAt}. */
    LabelRequest open(
            Entry entry,
            RequestReason reason,
            double priority,
            boolean suggests,
            long now,
            long expiresAt) {
        KeptInput input = entry.input().orElseThrow();
        Question question = input.question().orElseThrow();
        boolean isShown = suggests && input.predicted().isPresent();
        return LabelRequest.newBuilder()
                .setRequestId(requestId(entry.asked().number()))
                .setExampleId(exampleId)
                .setAdapterId(adapterId)
                .setAction(RequestAction.OPEN)
                .setReason(reason)
                .setText(question.text())
                .setTextPair(question.pair().orElse(null))
                .setMetadata(question.metadata())
                .setLabels(question.labels())
                .setLabelRevision(question.labelRevision())
                .setSeveral(input.saysSeveralLabels())
                .setSuggestion(isShown ? datum(input.predicted()) : null)
                .setSuggestionProbability(isShown ? input.probability().orElse(null) : null)
                .setVersion(version(input.version()))
                .setInclusionProbability(input.drawn().inclusionProbability())
                .setVotesWanted(entry.asked().wanted())
                .setPriority(priority)
                .setRequestedAt(Instant.ofEpochMilli(now))
                .setExpiresAt(Instant.ofEpochMilli(expiresAt))
                .build();
    }

    /** Takes the newest request of an entry back. */
    LabelRequest cancel(Entry entry, long now) {
        KeptInput input = entry.input().orElseThrow();
        return LabelRequest.newBuilder()
                .setRequestId(requestId(entry.asked().number()))
                .setExampleId(exampleId)
                .setAdapterId(adapterId)
                .setAction(RequestAction.CANCEL)
                .setReason(RequestReason.UNKNOWN)
                .setText("")
                .setLabels(List.of())
                .setLabelRevision(0)
                .setInclusionProbability(input.drawn().inclusionProbability())
                .setVotesWanted(0)
                .setPriority(0)
                .setRequestedAt(Instant.ofEpochMilli(now))
                .setExpiresAt(Instant.ofEpochMilli(entry.expiresAt()))
                .build();
    }

    /** The example of the newest decision of an entry. */
    LabeledExample example(Entry entry, Target label) {
        KeptInput input = entry.input().orElseThrow();
        Question question = input.question().orElseThrow();
        DrawnInput drawn = input.drawn();
        return LabeledExample.newBuilder()
                .setExampleId(exampleId)
                .setAdapterId(adapterId)
                .setText(question.text())
                .setLabel(TargetDatum.of(label))
                .setEventTime(Instant.ofEpochMilli(input.eventTime()))
                .setTextPair(question.pair().orElse(null))
                .setRequestId(newestRequest(entry))
                .setDecision(entry.decision().count())
                .setInclusionProbability(drawn.selected() ? drawn.inclusionProbability() : null)
                .setUniform(drawn.selected() && drawn.uniform() && entry.decision().count() == 1)
                .build();
    }

    /**
     * An outcome.
     *
     * @param settled votes that it settles
     * @param counted whether what the outcome says rests on a vote
     * @param trained whether an example was written for it
     * @param votedAt time of the vote that decided, by the annotator's system
     * @param now stream time
     */
    LabelOutcome outcome(
            Entry entry,
            OutcomeStatus status,
            List<CastVote> settled,
            Predicate<CastVote> counted,
            boolean trained,
            Optional<Long> votedAt,
            long now) {
        KeptInput input = entry.input().orElseThrow();
        Optional<Target> label = entry.decision().label();
        List<CastVote> standing = entry.ballot().standing();
        return LabelOutcome.newBuilder()
                .setExampleId(exampleId)
                .setAdapterId(adapterId)
                .setRequestId(newestRequest(entry))
                .setRevision(entry.decision().count())
                .setStatus(status)
                .setLabel(datum(label))
                .setVotes(standing.size())
                .setAgreement(label.map(decided -> agreement(decided, standing)).orElse(null))
                .setPredictedLabel(datum(input.predicted()))
                .setProbability(input.probability().orElse(null))
                .setPredictionVersion(version(input.version()))
                .setPredictionStep(input.step())
                .setInclusionProbability(
                        input.drawn().selected() ? input.drawn().inclusionProbability() : 0)
                .setUniform(input.drawn().selected() && input.drawn().uniform())
                .setCorrect(correct(input, label))
                .setDelayMs(votedAt.map(at -> Math.max(0, at - input.eventTime())).orElse(null))
                .setTrained(trained)
                .setSettled(settled.stream().map(vote -> settled(vote, counted)).toList())
                .setDecidedAt(Instant.ofEpochMilli(now))
                .build();
    }

    /** Id of a request for the input. */
    private String requestId(int number) {
        return exampleId + NUMBERED + number;
    }

    private String newestRequest(Entry entry) {
        return entry.asked().number() == 0 ? null : requestId(entry.asked().number());
    }

    /**
     * Which request for the input a vote answers.
     *
     * @param requestId what the vote says
     * @param newest number of the newest request
     * @return its number; 0 where it answers none
     */
    int answered(Optional<String> requestId, int newest) {
        for (int number = newest; number > 0; number--) {
            if (requestId.equals(Optional.of(requestId(number)))) {
                return number;
            }
        }
        return 0;
    }

    private static float agreement(Target label, List<CastVote> standing) {
        long alike =
                standing.stream().filter(vote -> vote.label().equals(Optional.of(label))).count();
        return standing.isEmpty() ? 0 : (float) alike / standing.size();
    }

    /** Null where one of them is not known; a number is never right to the last digit. */
    private static Boolean correct(KeptInput input, Optional<Target> label) {
        boolean isKnown =
                label.isPresent()
                        && input.predicted().isPresent()
                        && !(label.get() instanceof Target.Numeric);
        return isKnown ? isRight(input.predicted().get(), label.get()) : null;
    }

    /** A list of spans has all that a span may be. */
    private static boolean isRight(Target predicted, Target decided) {
        return predicted.equals(decided)
                || (predicted instanceof Target.Span
                        && decided instanceof Target.Several several
                        && several.members().contains(predicted));
    }

    private static SettledVote settled(CastVote vote, Predicate<CastVote> counted) {
        return SettledVote.newBuilder()
                .setLabelId(vote.labelId())
                .setRevision(vote.revision())
                .setAnnotator(vote.annotator())
                .setKind(vote.kind())
                .setLabel(datum(vote.label()))
                .setCounted(counted.test(vote))
                .build();
    }

    private static Object datum(Optional<Target> target) {
        return target.map(TargetDatum::of).orElse(null);
    }

    private static Object version(Optional<ModelVersion> version) {
        return version.<Object>map(
                        known ->
                                known instanceof ModelVersion.Published published
                                        ? published.number()
                                        : ((ModelVersion.Foreign) known).name())
                .orElse(null);
    }
}
