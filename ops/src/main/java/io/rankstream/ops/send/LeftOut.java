package io.rankstream.ops.send;

import io.rankstream.adapters.text.Amount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was left out of a file, by reason. Thread-safe. */
public final class LeftOut {

    /** Lines that a summary names of one reason. */
    private static final int SHOWN_LINES = 5;

    /** Reasons that are counted; any further one is told line by line. */
    private static final int MOST_REASONS = 1_000;

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long count;

    /** Records with the same problem. */
    private static final class Group {

        private final List<Long> first = new ArrayList<>();
        private long count;

        void add(long line) {
            count++;
            if (first.size() < SHOWN_LINES) {
                first.add(line);
            }
        }

        String text(String reason) {
            String lines =
                    first.stream()
                            .map(line -> "%,d".formatted(line))
                            .collect(Collectors.joining(", "));
            return "%s left out, of lines %s%s: %s"
                    .formatted(
                            Amount.of(count, "record"),
                            lines,
                            count > first.size() ? ", …" : "",
                            reason);
        }
    }

    /**
     * Counts a record.
     *
     * @return whether it is to be told now, since no record before had this problem
     */
    public synchronized boolean add(long line, String reason) {
        count++;
        Group group = groups.get(reason);
        boolean isNew = group == null;
        if (isNew) {
            group = new Group();
            if (groups.size() < MOST_REASONS) {
                groups.put(reason, group);
            }
        }
        group.add(line);
        return isNew;
    }

    /** Records that were left out so far. */
    public synchronized long count() {
        return count;
    }

    /** A sentence for every problem that more than one record has. */
    public synchronized List<String> repeated() {
        return groups.entrySet().stream()
                .filter(group -> group.getValue().count > 1)
                .map(group -> group.getValue().text(group.getKey()))
                .toList();
    }
}
