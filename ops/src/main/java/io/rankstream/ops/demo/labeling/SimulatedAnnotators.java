package io.rankstream.ops.demo.labeling;

import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * People who answer requests in stream time, as far as a demo can make them up: late, sometimes
 * wrong, sometimes two of them, sometimes nobody. What they do follows from the seed and the
 * request's id alone.
 */
final class SimulatedAnnotators {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Habits habits;
    private final long seed;

    SimulatedAnnotators(Habits habits, long seed) {
        this.habits = habits;
        this.seed = seed;
    }

    /**
     * Votes on a request, none if nobody answers it; each is given at its own {@code labeledAt}.
     *
     * @param truth what is true of the input
     */
    List<LabelVote> answers(LabelRequest request, String truth) {
        SplittableRandom random =
                new SplittableRandom(seed ^ (GOLDEN * request.getRequestId().hashCode()));
        if (random.nextDouble() < habits.silent()) {
            return List.of();
        }
        int votes =
                Math.min(
                        habits.annotators(),
                        request.getVotesWanted() + (random.nextDouble() < habits.second() ? 1 : 0));
        int first = random.nextInt(habits.annotators());
        List<LabelVote> answers = new ArrayList<>();
        for (int i = 0; i < votes; i++) {
            answers.add(vote(request, truth, (first + i) % habits.annotators(), random));
        }
        return answers;
    }

    private LabelVote vote(
            LabelRequest request, String truth, int annotator, SplittableRandom random) {
        String name = "annotator-" + (annotator + 1);
        Duration taken = delay(random);
        Instant labeledAt = request.getRequestedAt().plus(taken);
        return LabelVote.newBuilder()
                .setLabelId(request.getRequestId() + "/" + name)
                .setRevision(1)
                .setExampleId(request.getExampleId())
                .setAdapterId(request.getAdapterId())
                .setRequestId(request.getRequestId())
                .setAnnotator(name)
                .setKind(VoteKind.VOTE)
                .setLabel(said(request.getLabels(), truth, random))
                .setLabelRevision(request.getLabelRevision())
                .setSuggestionShown(request.getSuggestion() != null)
                .setSource("demo")
                .setLabeledAt(labeledAt)
                .build();
    }

    private String said(List<String> labels, String truth, SplittableRandom random) {
        List<String> others = labels.stream().filter(label -> !label.equals(truth)).toList();
        boolean isWrong = random.nextDouble() < habits.wrong();
        return isWrong && !others.isEmpty() ? others.get(random.nextInt(others.size())) : truth;
    }

    private Duration delay(SplittableRandom random) {
        double soonest = Math.log((double) habits.soonest().toMillis());
        double latest = Math.log((double) habits.latest().toMillis());
        return Duration.ofMillis(
                Math.round(Math.exp(soonest + random.nextDouble() * (latest - soonest))));
    }
}
