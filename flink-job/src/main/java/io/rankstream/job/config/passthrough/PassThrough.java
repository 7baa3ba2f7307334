package io.rankstream.job.config.passthrough;

import io.rankstream.adapters.text.PlainText;
import io.rankstream.job.config.option.ConfigError;
import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.option.NearestKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Options below one prefix that are handed on as they are. */
public final class PassThrough {

    private static final String PRINTABLE = "a text without control characters";

    private final String prefix;
    private final Map<String, String> reserved;
    private final Map<String, String> fixed;
    private final ValueRule rule;
    private final Map<String, Entry> entries = new TreeMap<>();

    /**
     * @param prefix with the dot at its end
     * @param reserved options that the job sets itself, with the key that sets each
     * @param fixed options that have one value whatever the file says, with that value
     * @param rule what the library takes
     */
    public PassThrough(
            String prefix,
            Map<String, String> reserved,
            Map<String, String> fixed,
            ValueRule rule) {
        this.prefix = prefix;
        this.reserved = reserved;
        this.fixed = fixed;
        this.rule = rule;
    }

    public String prefix() {
        return prefix;
    }

    /** The prefix without its dot. */
    public String section() {
        return prefix.substring(0, prefix.length() - 1);
    }

    public boolean covers(String key) {
        return key.startsWith(prefix) && key.length() > prefix.length();
    }

    public void put(Entry entry, Errors errors) {
        String name = entry.key().substring(prefix.length());
        if (entry.isEmpty()) {
            errors.add(entry, "is empty, expected a value; give it one or remove it");
        } else if (reserved.containsKey(name)) {
            errors.add(entry, "is set by the job; set " + reserved.get(name) + " instead");
        } else if (!entry.isUnresolved() && isOther(fixed.get(name), entry)) {
            errors.add(
                    entry,
                    "is %s, but the job needs %s and has it in force; remove it"
                            .formatted(entry.shown(), fixed.get(name)));
        } else if (!entry.isUnresolved()) {
            Optional<String> expected =
                    hasControl(name, entry) ? Optional.of(PRINTABLE) : rule.broken(name, entry);
            expected.ifPresent(
                    what ->
                            errors.add(
                                    entry,
                                    "is %s, expected %s; correct it or remove it"
                                            .formatted(entry.shown(), what)));
            if (expected.isEmpty()) {
                putOnce(name, entry, errors);
            }
        }
    }

    private boolean hasControl(String name, Entry entry) {
        boolean mayHaveLines = rule.maySpanLines(name);
        return !entry.texts().stream()
                .map(text -> mayHaveLines ? text.replaceAll("[\\r\\n\\t]", "") : text)
                .allMatch(PlainText::hasNoControl);
    }

    private static boolean isOther(String value, Entry entry) {
        return value != null
                && (entry.isList() || !value.equalsIgnoreCase(entry.texts().get(0).strip()));
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

    /** Options that have one value whatever the file says, with that value. */
    public Map<String, String> fixed() {
        return fixed;
    }

    /** Entries by their names without the prefix. */
    public Map<String, Entry> entries() {
        return entries;
    }

    /** Entries whose names are probably misspelt. */
    public List<ConfigError> misspelt(PassThroughKeys keys, String origin) {
        return entries.entrySet().stream()
                .filter(entry -> !keys.mayKnow(entry.getKey()))
                .flatMap(
                        entry ->
                                NearestKey.ofSlip(entry.getKey(), keys.known()).stream()
                                        .map(
                                                near ->
                                                        new ConfigError(
                                                                origin,
                                                                entry.getValue().line(),
                                                                "%s is no option that %s is known to have; did you mean %s? It is handed on as it is"
                                                                        .formatted(
                                                                                entry.getValue()
                                                                                        .key(),
                                                                                keys.owner(),
                                                                                prefix + near))))
                .toList();
    }

    /** Values by name; a list becomes one text by {@code join}. */
    public Map<String, String> values(Function<Entry, String> join) {
        Map<String, String> values = new TreeMap<>();
        entries.forEach(
                (name, entry) ->
                        values.put(
                                name, entry.isList() ? join.apply(entry) : entry.texts().get(0)));
        return values;
    }
}
