package io.rankstream.ops.job;

import io.rankstream.adapters.model.bert.PoisonedBert;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.LabeledExample;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Records of every hostile kind, between good ones, drawn from a seed. */
final class HostileRecords {

    /** Adapters with settings of their own. */
    static final List<String> NAMED = List.of("spam", "tickets");

    static final List<String> LABELS = List.of("ham", "junk", "other");

    private static final String WORDS =
            "the and to of in is for you this that it on with your from we not are be free money"
                    + " offer click here buy now list patch kernel bug release code meeting please";
    private static final List<String> VOCABULARY = List.of(WORDS.split(" "));
    private static final String INVISIBLE = "\u200b\u2060\ufeff\u00ad\u200d";
    private static final int HUGE_TEXT = 10 << 20;
    private static final int LARGE_PART = 1_048_400;
    private static final int UNKNOWN_SCHEMA = 987_654_321;

    /** Reasons that an example itself, once decoded, may be refused for. */
    private static final Set<DeadLetterReason> ANY = EnumSet.allOf(DeadLetterReason.class);

    /**
     * A record and what may become of it.
     *
     * @param value value of the record; null for a tombstone
     * @param mayBeTrained whether it may be trained on
     * @param reasons what it may be refused for
     */
    record Hostile(byte[] value, boolean mayBeTrained, Set<DeadLetterReason> reasons) {}

    private final SplittableRandom random;
    private final int schemaId;
    private int next;

    HostileRecords(long seed, int schemaId) {
        this.random = new SplittableRandom(seed);
        this.schemaId = schemaId;
    }

    /**
     * A hundred good records, and as many hostile ones as asked for, two of them with 10 MB, four
     * with 1 MB.
     */
    List<Hostile> records(int hostile) {
        List<Hostile> records = new ArrayList<>();
        for (int i = 0; i < hostile; i++) {
            if (i % (hostile / 100) == 0) {
                records.add(trained(example(visible())));
            }
            records.add(i % 2 == 0 ? floodOfAdapters() : drawn(random.nextInt(14)));
        }
        records.add(trained(example(visible() + " " + "free money ".repeat(HUGE_TEXT / 11))));
        records.add(refused(example("\u200b".repeat(HUGE_TEXT / 3)), DeadLetterReason.EMPTY_TEXT));
        largeParts(records);
        records.add(trained(example(visible())));
        return records;
    }

    /** As large as a broker without settings takes them. */
    private void largeParts(List<Hostile> records) {
        String large = "x".repeat(LARGE_PART);
        LabeledExample named = example(visible());
        named.setExampleId(large);
        records.add(refused(named, DeadLetterReason.INVALID_EXAMPLE_ID));
        records.add(refused(addressed(large), DeadLetterReason.INVALID_ADAPTER_ID));
        records.add(refused(labeled(visible(), large), DeadLetterReason.UNKNOWN_LABEL));
        records.add(
                refusedBytes(large.getBytes(StandardCharsets.UTF_8), DeadLetterReason.BAD_MAGIC));
    }

    private Hostile drawn(int kind) {
        return switch (kind) {
            case 0 -> new Hostile(null, false, EnumSet.of(DeadLetterReason.NULL_VALUE));
            case 1 -> cut(0, WireFormat.HEADER_BYTES, DeadLetterReason.TRUNCATED_FRAME);
            case 2 -> cut(WireFormat.HEADER_BYTES, Integer.MAX_VALUE, DeadLetterReason.UNDECODABLE);
            case 3 -> new Hostile(flipped(), true, ANY);
            case 4 -> new Hostile(noise(), true, ANY);
            case 5 ->
                    new Hostile(
                            WireFormat.encode(UNKNOWN_SCHEMA, example(visible())),
                            false,
                            EnumSet.of(DeadLetterReason.UNKNOWN_SCHEMA));
            case 6 -> refusedBytes(trailing(), DeadLetterReason.UNDECODABLE);
            case 7 -> refusedBytes(invalidUtf8(), DeadLetterReason.UNDECODABLE);
            case 8 -> refused(example(invisible()), DeadLetterReason.EMPTY_TEXT);
            case 9 -> refused(labeled(visible(), "no-such-label"), DeadLetterReason.UNKNOWN_LABEL);
            case 10 -> refused(addressed("../" + next), DeadLetterReason.INVALID_ADAPTER_ID);
            case 11 -> trained(labeled("one text for all", LABELS.get(next % LABELS.size())));
            case 12 -> trained(example(invisible() + visible() + invisible()));
            default ->
                    refused(
                            example(visible() + " " + PoisonedBert.WORD),
                            DeadLetterReason.NOT_FINITE);
        };
    }

    /** Every one for another adapter, so that at most the limit is ever created. */
    private Hostile floodOfAdapters() {
        return new Hostile(
                encoded(addressed("flood-" + next)),
                true,
                EnumSet.of(DeadLetterReason.ADAPTER_LIMIT));
    }

    private Hostile trained(LabeledExample example) {
        return new Hostile(encoded(example), true, Set.of());
    }

    private Hostile refused(LabeledExample example, DeadLetterReason reason) {
        return refusedBytes(encoded(example), reason);
    }

    private static Hostile refusedBytes(byte[] value, DeadLetterReason reason) {
        return new Hostile(value, false, EnumSet.of(reason));
    }

    private Hostile cut(int from, int to, DeadLetterReason reason) {
        byte[] whole = encoded(example(visible()));
        int length = random.nextInt(from, Math.min(to, whole.length));
        return refusedBytes(Arrays.copyOf(whole, length), reason);
    }

    private byte[] flipped() {
        byte[] value = encoded(example(visible()));
        value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
        return value;
    }

    private byte[] noise() {
        byte[] value = new byte[random.nextInt(1, 200)];
        random.nextBytes(value);
        return value;
    }

    private byte[] trailing() {
        byte[] value = encoded(example(visible()));
        return Arrays.copyOf(value, value.length + 1 + random.nextInt(20));
    }

    private byte[] invalidUtf8() {
        byte[] value = encoded(example("MARK " + visible()));
        int mark = new String(value, StandardCharsets.ISO_8859_1).indexOf("MARK");
        value[mark] = (byte) 0xC3;
        value[mark + 1] = 0x28;
        return value;
    }

    private byte[] encoded(LabeledExample example) {
        return WireFormat.encode(schemaId, example);
    }

    private String visible() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            text.append(VOCABULARY.get(random.nextInt(VOCABULARY.size()))).append(' ');
        }
        return text.toString();
    }

    private String invisible() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 30); i > 0; i--) {
            text.append(INVISIBLE.charAt(random.nextInt(INVISIBLE.length())));
        }
        return text.toString();
    }

    private LabeledExample example(String text) {
        return labeled(text, LABELS.get(random.nextInt(LABELS.size())));
    }

    private LabeledExample addressed(String adapterId) {
        LabeledExample example = example(visible());
        example.setAdapterId(adapterId);
        return example;
    }

    private LabeledExample labeled(String text, String label) {
        return LabeledExample.newBuilder()
                .setExampleId("e-" + next++)
                .setAdapterId(NAMED.get(random.nextInt(NAMED.size())))
                .setText(text)
                .setLabel(label)
                .setEventTime(Instant.EPOCH)
                .build();
    }
}
