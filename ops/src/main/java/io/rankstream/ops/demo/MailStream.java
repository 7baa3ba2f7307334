package io.rankstream.ops.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Mails of 2001 and 2002 in order of arrival, as examples of two tasks: whether a mail is spam, and
 * which of the busier mailing lists it came over.
 */
public final class MailStream {

    /** Adapter that tells spam from ham. */
    public static final String SPAM_ADAPTER = "spam";

    /** Adapter that tells mailing lists apart. */
    public static final String LIST_ADAPTER = "list";

    private static final String RESOURCE = "mail-stream.jsonl.gz";
    private static final List<String> SPAM_LABELS = List.of("ham", "spam");
    private static final int MAILS_OF_A_BUSY_LIST = 50;

    private final List<Mail> mails;
    private final List<String> busyLists;

    private MailStream(List<Mail> mails) {
        this.mails = mails;
        this.busyLists = busyLists(mails);
    }

    /** Reads the stream that comes with this class. */
    public static MailStream open() {
        try (InputStream resource = MailStream.class.getResourceAsStream(RESOURCE);
                InputStream lines = new GZIPInputStream(resource);
                MappingIterator<Mail> mails =
                        new ObjectMapper().readerFor(Mail.class).readValues(lines)) {
            return new MailStream(mails.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read: is the jar damaged?", e);
        }
    }

    /** Labels of each adapter, sorted by adapter; they come from the whole stream. */
    public Map<String, List<String>> labels() {
        return new TreeMap<>(Map.of(SPAM_ADAPTER, SPAM_LABELS, LIST_ADAPTER, busyLists));
    }

    /** The first {@code limit} examples in order of arrival, or all of them. */
    public List<LabeledExample> examples(int limit) {
        List<LabeledExample> examples = new ArrayList<>();
        for (Mail mail : mails) {
            examples.add(example(mail, SPAM_ADAPTER, mail.label()));
            if (busyLists.contains(mail.list())) {
                examples.add(example(mail, LIST_ADAPTER, mail.list()));
            }
        }
        return List.copyOf(examples.subList(0, Math.min(limit, examples.size())));
    }

    /** All examples of one adapter, in order of arrival. */
    public List<LabeledExample> examplesOf(String adapter) {
        return examples(Integer.MAX_VALUE).stream()
                .filter(example -> example.getAdapterId().equals(adapter))
                .toList();
    }

    private static LabeledExample example(Mail mail, String adapter, String label) {
        return LabeledExample.newBuilder()
                .setExampleId(mail.id() + "#" + adapter)
                .setAdapterId(adapter)
                .setText(mail.subject() + "\n" + mail.body())
                .setLabel(label)
                .setEventTime(Instant.ofEpochMilli(mail.timestamp()))
                .build();
    }

    private static List<String> busyLists(List<Mail> mails) {
        Map<String, Long> sizes =
                mails.stream()
                        .map(Mail::list)
                        .filter(list -> !list.isEmpty())
                        .collect(Collectors.groupingBy(list -> list, Collectors.counting()));
        return sizes.entrySet().stream()
                .filter(list -> list.getValue() >= MAILS_OF_A_BUSY_LIST)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
