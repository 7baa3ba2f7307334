package io.rankstream.job.loop.join;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Inputs and votes as they come from the world: early, late, twice, in another order, changed,
 * taken back, by wild clocks, on nothing; after days and weeks in which nothing comes.
 */
final class DisorderedStream {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final List<String> PEOPLE = List.of("ann", "bob", "cid", "dan");

    private final Random random;
    private final List<Object> elements = new ArrayList<>();
    private final List<Vote> votes = new ArrayList<>();
    private int inputs;
    private long time = Elements.START;

    private DisorderedStream(long seed) {
        random = new Random(seed);
    }

    /** Elements of a seed: {@link PredictedInput}s and {@link Vote}s. */
    static List<Object> of(long seed, int size) {
        DisorderedStream stream = new DisorderedStream(seed);
        while (stream.elements.size() < size) {
            stream.add();
        }
        stream.reorder();
        return stream.elements;
    }

    private void add() {
        int what = random.nextInt(100);
        if (what < 35 || inputs == 0) {
            elements.add(input());
        } else if (what < 38) {
            elements.add(Elements.input(example(), time));
        } else if (what < 48 && !votes.isEmpty()) {
            elements.add(votes.get(random.nextInt(votes.size())));
        } else {
            votes.add(vote());
            elements.add(votes.get(votes.size() - 1));
        }
    }

    private PredictedInput input() {
        time += (long) (-Math.log(1 - random.nextDouble()) * HOUR);
        if (random.nextInt(60) == 0) {
            time += 40 * HOUR;
        }
        if (random.nextInt(80) == 0) {
            time += (200 + random.nextInt(600)) * HOUR;
        }
        long eventTime = random.nextInt(30) == 0 ? wild() : time - random.nextInt((int) HOUR);
        return Elements.input("x" + inputs++, eventTime);
    }

    private long wild() {
        return random.nextBoolean() ? time + 100_000 * HOUR : 0;
    }

    private String example() {
        int newest = Math.max(0, inputs - 1 - random.nextInt(12));
        return "x" + (random.nextInt(12) == 0 ? inputs + random.nextInt(3) : newest);
    }

    private Vote vote() {
        int kind = random.nextInt(100);
        String who = PEOPLE.get(random.nextInt(PEOPLE.size()));
        String labelId = random.nextInt(4) == 0 ? who + random.nextInt(2) : who;
        String exampleId = random.nextInt(40) == 0 ? "nothing" + random.nextInt(3) : example();
        long revision = 1L + random.nextInt(4);
        long labeledAt = time + random.nextInt((int) HOUR);
        if (kind < 70) {
            String label =
                    random.nextInt(25) == 0
                            ? "junk"
                            : Elements.LABELS.get(random.nextInt(Elements.LABELS.size()));
            return answering(
                    Elements.vote(
                            labelId,
                            revision,
                            exampleId,
                            who,
                            VoteKind.VOTE,
                            new Target.Label(label),
                            labeledAt));
        }
        return Elements.vote(
                labelId,
                revision,
                exampleId,
                who,
                kind < 82 ? VoteKind.SKIP : VoteKind.RETRACT,
                null,
                labeledAt);
    }

    private Vote answering(Vote vote) {
        return random.nextInt(3) == 0
                ? vote
                : new Vote(
                        vote.labelId(),
                        vote.revision(),
                        vote.exampleId(),
                        vote.adapterId(),
                        Optional.of(vote.exampleId() + "/" + (1 + random.nextInt(2))),
                        vote.annotator(),
                        vote.kind(),
                        vote.label(),
                        vote.labelRevision(),
                        vote.labeledAt(),
                        vote.origin());
    }

    private void reorder() {
        for (int i = 1; i < elements.size(); i++) {
            if (random.nextInt(5) == 0) {
                int other = Math.max(0, i - 1 - random.nextInt(6));
                Object moved = elements.get(i);
                elements.set(i, elements.get(other));
                elements.set(other, moved);
            }
        }
    }
}
