package io.rankstream.ops.dlq;

import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.decode.RecordPreviews;
import io.rankstream.job.record.RawHeader;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.dlq.replay.ReplayLedger;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.record.TimestampType;

/**
 * The dead letters that somebody asked to see.
 *
 * @param letters the first ones that match
 * @param byReason all that match, by reason
 * @param foreign records of the topic that are no dead letters
 */
public record Inspection(
        List<ShownLetter> letters, SortedMap<DeadLetterReason, Count> byReason, long foreign) {

    /** Enough to recognise a record by. */
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
                new ReplayLedger(config.kafka(), config.topics().of(Topic.DEAD_LETTERS)).read();
        RecordPreviews previews =
                new RecordPreviews(config.input(), config.topics(), topic.registry());
        List<ShownLetter> shown = new ArrayList<>();
        SortedMap<DeadLetterReason, Count> byReason = new TreeMap<>();
        topic.read(
                stored -> {
                    if (filter.accepts(stored)) {
                        boolean isSentBack = sentBack.contains(stored.origin().toString());
                        if (shown.size() < most) {
                            shown.add(shown(stored, previews, isSentBack));
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

    private static ShownLetter shown(
            StoredLetter stored, RecordPreviews previews, boolean isSentBack)
            throws RegistryException {
        Map<String, String> fields = new LinkedHashMap<>();
        previews.of(raw(stored.letter()))
                .forEach(
                        (name, value) ->
                                fields.put(name, Excerpt.printable(value, TEXT_CHARACTERS)));
        return new ShownLetter(stored, fields, isSentBack);
    }

    private static RawRecord raw(DeadLetter letter) {
        RefusedRecord refused = RefusedRecord.in(letter);
        return new RawRecord(
                letter.getTopic(),
                letter.getPartition(),
                letter.getOffset(),
                refused.key(),
                refused.value(),
                refused.headers().stream()
                        .map(header -> new RawHeader(header.key(), header.value()))
                        .toList(),
                RawRecord.NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE);
    }
}
