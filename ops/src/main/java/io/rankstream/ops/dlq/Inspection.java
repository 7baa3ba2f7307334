package io.rankstream.ops.dlq;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.source.Excerpt;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabeledExample;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The dead letters that somebody asked to see.
 *
 * @param letters the first ones that match
 * @param byReason all that match, by reason
 * @param foreign records of the topic that are no dead letters
 */
public record Inspection(
        List<ShownLetter> letters, SortedMap<DeadLetterReason, Count> byReason, long foreign) {

    /** Enough to recognise an example by. */
    private static final int TEXT_CHARACTERS = 80;

    /**
     * Letters of one reason.
     *
     * @param letters all of them
     * @param sentBack those whose record a replay has sent back
     */
    public record Count(long letters, long sentBack) {

        private static final Count NONE = new Count(0, 0);

        private Count plus(boolean isSentBack) {
            return new Count(letters + 1, sentBack + (isSentBack ? 1 : 0));
        }
    }

    public Inspection {
        letters = List.copyOf(letters);
    }

    /** Letters that match, the ones that are not shown included. */
    public long matching() {
        return byReason.values().stream().mapToLong(Count::letters).sum();
    }

    /**
     * Reads the whole topic.
     *
     * @param most letters to show
     */
    public static Inspection of(DeadLetterTopic topic, LetterFilter filter, int most)
            throws DeadLetterException, RegistryException {
        JobConfig config = topic.config();
        Set<String> sentBack =
                new ReplayLedger(config.kafka(), config.topics().deadLetters()).read();
        RegisteredReader<LabeledExample> examples =
                new RegisteredReader<>(topic.registry(), LabeledExample.class);
        List<ShownLetter> shown = new ArrayList<>();
        SortedMap<DeadLetterReason, Count> byReason = new TreeMap<>();
        topic.read(
                stored -> {
                    if (filter.accepts(stored)) {
                        boolean isSentBack = sentBack.contains(stored.origin().toString());
                        if (shown.size() < most) {
                            shown.add(new ShownLetter(stored, text(stored, examples), isSentBack));
                        }
                        byReason.merge(
                                stored.letter().getReason(),
                                Count.NONE.plus(isSentBack),
                                (before, one) -> before.plus(isSentBack));
                    }
                    return true;
                });
        return new Inspection(shown, byReason, topic.foreign());
    }

    private static String text(StoredLetter stored, RegisteredReader<LabeledExample> examples)
            throws RegistryException {
        byte[] value = LetterBytes.of(stored.letter().getValue());
        return examples.read(value)
                .map(example -> Excerpt.printable(example.getText(), TEXT_CHARACTERS))
                .orElse(null);
    }
}
