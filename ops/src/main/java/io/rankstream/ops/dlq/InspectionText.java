package io.rankstream.ops.dlq;

import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.schemas.DeadLetter;

/**
 * Dead letters for people: some lines each, then the counts. What comes from the stream is
 * printable and cut, so that a record cannot play with the terminal.
 */
public final class InspectionText {

    private static final int MESSAGE_CHARACTERS = 500;
    private static final int TOPIC_CHARACTERS = 249;
    private static final int ADAPTER_CHARACTERS = 64;

    private InspectionText() {}

    /** The text, with a line feed at its end. */
    public static String of(Inspection inspection) {
        StringBuilder text = new StringBuilder();
        inspection.letters().forEach(letter -> append(letter, text));
        counts(inspection, text);
        if (inspection.foreign() > 0) {
            text.append(
                    "%s.%n"
                            .formatted(
                                    Amount.of(
                                            inspection.foreign(),
                                            "record of the topic is no dead letter",
                                            "records of the topic are no dead letters")));
        }
        return text.toString();
    }

    private static void append(ShownLetter shown, StringBuilder text) {
        DeadLetter letter = shown.stored().letter();
        text.append(
                "%s  %s  adapter %s  from %s/%d/%d  %s%s%n"
                        .formatted(
                                shown.stored().written(),
                                letter.getReason(),
                                letter.getAdapterId() == null
                                        ? "-"
                                        : Excerpt.printable(
                                                letter.getAdapterId(), ADAPTER_CHARACTERS),
                                Excerpt.printable(letter.getTopic(), TOPIC_CHARACTERS),
                                letter.getPartition(),
                                letter.getOffset(),
                                size(shown.stored().valueBytes()),
                                shown.sentBack() ? "  sent back" : ""));
        text.append(
                "    %s%n".formatted(Excerpt.printable(letter.getMessage(), MESSAGE_CHARACTERS)));
        shown.fields()
                .forEach((name, value) -> text.append("    %s: '%s'%n".formatted(name, value)));
    }

    private static String size(Integer bytes) {
        return bytes == null ? "null" : Amount.of(bytes, "byte");
    }

    private static void counts(Inspection inspection, StringBuilder text) {
        text.append(
                "%s, %,d shown.%n"
                        .formatted(
                                Amount.of(
                                        inspection.matching(),
                                        "dead letter matches",
                                        "dead letters match"),
                                inspection.letters().size()));
        if (inspection.byReason().isEmpty()) {
            return;
        }
        text.append("%-20s %10s %10s%n".formatted("reason", "letters", "sent back"));
        inspection
                .byReason()
                .forEach(
                        (reason, count) ->
                                text.append(
                                        "%-20s %,10d %,10d%n"
                                                .formatted(
                                                        reason,
                                                        count.letters(),
                                                        count.sentBack())));
    }
}
