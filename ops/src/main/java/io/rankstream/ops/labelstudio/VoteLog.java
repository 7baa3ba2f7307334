package io.rankstream.ops.labelstudio;

import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The newest revision of every vote that was written, and with it what is to be written next. A
 * vote is written once for each thing that its annotation says, however often that is looked at.
 * For use by one thread.
 */
final class VoteLog {

    /** System that the votes come from. */
    static final String SOURCE = "label-studio";

    /** What clocks of two machines may differ by. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofDays(1);

    private final Map<Input, Map<String, Written>> votes = new HashMap<>();
    private final Map<String, Instant> keptSince = new HashMap<>();

    private record Input(String adapterId, String exampleId) {}

    private record Written(
            long revision,
            VoteKind kind,
            Object label,
            String annotator,
            String requestId,
            Boolean suggestionShown) {

        boolean says(Annotation annotation) {
            return kind == annotation.kind()
                    && Objects.equals(label, annotation.label())
                    && annotator.equals(annotation.annotator());
        }
    }

    /**
     * Takes a vote that is on the topic.
     *
     * @param oldest when the oldest vote was written that the topic still has, where it has lost
     *     older ones
     */
    void isWritten(LabelVote vote, Optional<Instant> oldest) {
        oldest.ifPresent(time -> keptSince.putIfAbsent(vote.getAdapterId(), time));
        if (!vote.getSource().equals(SOURCE)) {
            return;
        }
        Written written =
                new Written(
                        vote.getRevision(),
                        vote.getKind(),
                        vote.getLabel(),
                        vote.getAnnotator(),
                        vote.getRequestId(),
                        vote.getSuggestionShown());
        votes.computeIfAbsent(
                        new Input(vote.getAdapterId(), vote.getExampleId()),
                        input -> new LinkedHashMap<>())
                .merge(
                        vote.getLabelId(),
                        written,
                        (older, newer) -> newer.revision() < older.revision() ? older : newer);
    }

    /**
     * Votes to be written so that the topic says what the annotations of a task say now.
     *
     * @param scope what ids of votes of the task begin with
     * @param annotations all annotations of the task
     * @param now when it was seen that annotations are no more
     */
    List<LabelVote> missing(
            TaskMeta task, String scope, List<Annotation> annotations, Instant now) {
        Map<String, Written> known =
                votes.getOrDefault(new Input(task.adapterId(), task.exampleId()), Map.of());
        Map<String, Annotation> there = new LinkedHashMap<>();
        annotations.forEach(each -> there.put(scope + each.id(), each));
        List<LabelVote> missing = new ArrayList<>();
        there.forEach(
                (labelId, annotation) ->
                        missing(task, labelId, known.get(labelId), annotation)
                                .ifPresent(missing::add));
        known.forEach(
                (labelId, written) -> {
                    if (labelId.startsWith(scope)
                            && !there.containsKey(labelId)
                            && written.kind() != VoteKind.RETRACT) {
                        missing.add(retraction(task, labelId, written, now));
                    }
                });
        return missing;
    }

    private Optional<LabelVote> missing(
            TaskMeta task, String labelId, Written known, Annotation annotation) {
        if (known == null && isOlderThanTheTopic(task.adapterId(), annotation)) {
            return Optional.empty();
        }
        if (known != null && known.says(annotation)) {
            return Optional.empty();
        }
        boolean isNew = known == null || known.kind() == VoteKind.RETRACT;
        return Optional.of(
                LabelVote.newBuilder()
                        .setLabelId(labelId)
                        .setRevision(
                                known == null
                                        ? annotation.changedAt()
                                        : Math.max(annotation.changedAt(), known.revision() + 1))
                        .setExampleId(task.exampleId())
                        .setAdapterId(task.adapterId())
                        .setRequestId(isNew ? task.requestId() : known.requestId())
                        .setAnnotator(annotation.annotator())
                        .setKind(annotation.kind())
                        .setLabel(annotation.label())
                        .setLabelRevision(task.labelRevision())
                        .setSuggestionShown(
                                isNew ? task.suggestionShown() : known.suggestionShown())
                        .setLeadTimeMs(
                                annotation.leadTimeMillis().isPresent()
                                        ? annotation.leadTimeMillis().getAsLong()
                                        : null)
                        .setSource(SOURCE)
                        .setLabeledAt(time(annotation))
                        .build());
    }

    /** Its vote was written, and the topic keeps it no longer. */
    private boolean isOlderThanTheTopic(String adapterId, Annotation annotation) {
        Instant oldest = keptSince.get(adapterId);
        return oldest != null && time(annotation).plus(CLOCK_DIFFERENCE).isBefore(oldest);
    }

    private static Instant time(Annotation annotation) {
        return Instant.ofEpochMilli(TimeUnit.MICROSECONDS.toMillis(annotation.changedAt()));
    }

    private static LabelVote retraction(
            TaskMeta task, String labelId, Written written, Instant now) {
        return LabelVote.newBuilder()
                .setLabelId(labelId)
                .setRevision(written.revision() + 1)
                .setExampleId(task.exampleId())
                .setAdapterId(task.adapterId())
                .setRequestId(written.requestId())
                .setAnnotator(written.annotator())
                .setKind(VoteKind.RETRACT)
                .setSource(SOURCE)
                .setLabeledAt(now.truncatedTo(ChronoUnit.MILLIS))
                .build();
    }
}
