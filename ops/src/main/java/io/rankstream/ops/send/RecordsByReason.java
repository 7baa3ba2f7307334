package io.rankstream.ops.send;

import io.rankstream.adapters.text.Amount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records of a file of which there is something to tell, by what it is. Thread-safe. */
public final class RecordsByReason {

    /** Places that a summary names of one reason. */
    private static final int SHOWN_PLACES = 5;

    /** Reasons that are counted; any further one is told record by record. */
    private static final int MOST_REASONS = 1_000;

    private final String fate;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private long count;

    /** Records with the same reason. */
    private final class Group {

        private final List<String> first = new ArrayList<>();
        private long count;

        void add(String place) {
            count++;
            if (first.size() < SHOWN_PLACES) {
                first.add(place);
            }
        }

        String text(String reason) {
            return "%s %s (%s%s): %s"
                    .formatted(
                            Amount.of(count, "record"),
                            fate,
                            String.join(", ", first),
                            count > first.size() ? ", …" : "",
                            reason);
        }
    }

    /**
     * @param fate what happened to them, such as {@code left out}
     */
    public RecordsByReason(String fate) {
        this.fate = fate;
    }

    /**
     * Counts a record.
     *
     * @param place where it is, as {@link SourceRecord#place} says
     * @return whether it is to be told now, since no record before had this reason
     */
    public synchronized boolean add(String place, String reason) {
        count++;
        Group group = groups.get(reason);
        boolean isNew = group == null;
        if (isNew) {
            group = new Group();
            if (groups.size() < MOST_REASONS) {
                groups.put(reason, group);
            }
        }
        group.add(place);
        return isNew;
    }

    /** Records so far. */
    public synchronized long count() {
        return count;
    }

    /** A sentence for every reason that more than one record has. */
    public synchronized List<String> repeated() {
        return groups.entrySet().stream()
                .filter(group -> group.getValue().count > 1)
                .map(group -> group.getValue().text(group.getKey()))
                .toList();
    }
}
