package io.rankstream.job.config;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Options below one prefix that are handed on as they are. */
final class PassThrough {

    private final String prefix;
    private final Map<String, String> reserved;
    private final Map<String, Entry> entries = new TreeMap<>();

    /**
     * @param prefix with the dot at its end
     * @param reserved options that the job sets itself, with the key that sets each
     */
    PassThrough(String prefix, Map<String, String> reserved) {
        this.prefix = prefix;
        this.reserved = reserved;
    }

    String prefix() {
        return prefix;
    }

    /** The prefix without its dot. */
    String section() {
        return prefix.substring(0, prefix.length() - 1);
    }

    boolean covers(String key) {
        return key.startsWith(prefix) && key.length() > prefix.length();
    }

    void put(Entry entry, Errors errors) {
        String name = entry.key().substring(prefix.length());
        if (entry.isEmpty()) {
            errors.add(entry, "is empty, expected a value; give it one or remove it");
        } else if (reserved.containsKey(name)) {
            errors.add(entry, "is set by the job; set " + reserved.get(name) + " instead");
        } else if (!entry.isUnresolved()) {
            putOnce(name, entry, errors);
        }
    }

    private void putOnce(String name, Entry entry, Errors errors) {
        Entry first = entries.putIfAbsent(name, entry);
        if (first != null) {
            errors.add(
                    entry,
                    "is given twice, first in line %d; keep one of the two"
                            .formatted(first.line()));
        }
    }

    /** Entries by their names without the prefix. */
    Map<String, Entry> entries() {
        return entries;
    }

    /** Values by name; a list becomes one text by {@code join}. */
    Map<String, String> values(Function<Entry, String> join) {
        Map<String, String> values = new TreeMap<>();
        entries.forEach(
                (name, entry) ->
                        values.put(
                                name, entry.isList() ? join.apply(entry) : entry.texts().get(0)));
        return values;
    }
}
