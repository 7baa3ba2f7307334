package io.rankstream.adapters.state;

import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.task.Target;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The labels of one adapter, a row of the head each. Rows are only ever added, so an index stays
 * what it is. Names are compared in Unicode's normal form C.
 *
 * <p>What the configuration and commands want meet here as in a merge of three: the configuration
 * changes what has changed in it since the adapter last saw it, and leaves alone what commands did.
 *
 * @param rows labels in the order of the head's rows
 * @param revision number of this set, from 1; one more with each change of it
 * @param published revision of the adapter's newest version, 1 before the first
 * @param configured the configuration's list that the adapter last saw
 */
public record LabelSet(List<Label> rows, long revision, long published, List<String> configured)
        implements LabelRows {

    /** Fewest labels in use: with one there is nothing to learn. */
    public static final int FEWEST = 2;

    private static final long FIRST = 1;

    public LabelSet {
        rows = List.copyOf(rows);
        configured = List.copyOf(configured);
    }

    /** The first set of an adapter, as its configuration names it. */
    public static LabelSet of(List<String> names) {
        return new LabelSet(
                names.stream().map(name -> new Label(name, false, 0)).toList(),
                FIRST,
                FIRST,
                names);
    }

    /** The form in which labels are compared. */
    public static String normal(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    @Override
    public List<String> names() {
        return rows.stream().map(Label::name).toList();
    }

    @Override
    public List<String> active() {
        return rows.stream().filter(label -> !label.retired()).map(Label::name).toList();
    }

    /** Names of the retired labels, in the order of their rows. */
    public List<String> retired() {
        return rows.stream().filter(Label::retired).map(Label::name).toList();
    }

    @Override
    public int[] activeRows() {
        return IntStream.range(0, rows.size()).filter(i -> !rows.get(i).retired()).toArray();
    }

    @Override
    public int indexOf(String name) {
        return indexOf(name, names());
    }

    /** Index of {@code name} in {@code names}; -1 if it is not there. */
    public static int indexOf(String name, List<String> names) {
        int asWritten = names.indexOf(name);
        return asWritten >= 0
                ? asWritten
                : names.stream().map(LabelSet::normal).toList().indexOf(normal(name));
    }

    /** {@code target} with its labels as {@code names} spell them; others stay as they are. */
    public static Target spelled(Target target, List<String> names) {
        return target.renamed(
                name -> {
                    int row = indexOf(name, names);
                    return row < 0 ? name : names.get(row);
                });
    }

    @Override
    public boolean isActive(String name) {
        int row = indexOf(name);
        return row >= 0 && !rows.get(row).retired();
    }

    /**
     * The set after a command that takes labels into use, new ones or retired ones.
     *
     * @param step steps that the adapter has taken
     */
    public LabelSet with(List<String> added, long step) {
        return changed(merge(active(), added), configured, step);
    }

    /** The set after a command that retires labels. */
    public LabelSet without(List<String> removed) {
        return changed(minus(active(), removed), configured, 0);
    }

    /**
     * The set under a configuration: what its list has gained since the adapter last saw it is in
     * use, what it has lost is retired, and names are spelled as it does.
     *
     * @param step steps that the adapter has taken
     */
    public LabelSet under(List<String> configuration, long step) {
        List<String> gained = minus(configuration, configured);
        List<String> lost = minus(configured, configuration);
        return spelled(configuration)
                .changed(merge(minus(active(), lost), gained), configuration, step)
                .since(this);
    }

    /**
     * The set that a new adapter starts with: exactly the configuration's labels are in use.
     *
     * @param step steps that the adapter has taken
     */
    LabelSet exactly(List<String> configuration, long step) {
        LabelSet exact = spelled(configuration).changed(configuration, configuration, step);
        return new LabelSet(exact.rows, FIRST, FIRST, configuration);
    }

    /**
     * This set's rows, for an adapter that is to keep the labels of {@code present}: a return to an
     * earlier state does not take back which labels there are.
     *
     * @param step steps that the adapter had taken in the earlier state
     */
    LabelSet keeping(LabelSet present, long step) {
        LabelSet known = spelled(present.names()).withRowsFor(present.names(), step);
        return known.changed(present.active(), present.configured(), step).since(present);
    }

    /** This set after steps of the adapter, which retired labels take no part in. */
    public LabelSet after(long steps) {
        return withRows(rows.stream().map(label -> label.after(steps)).toList());
    }

    /** This set with a version of it published. */
    public LabelSet afterVersion() {
        return new LabelSet(rows, revision, revision, configured);
    }

    /** This set with its retired labels left out. */
    LabelSet withoutRetired() {
        return withRows(rows.stream().filter(label -> !label.retired()).toList());
    }

    private LabelSet changed(List<String> inUse, List<String> configuration, long step) {
        List<String> names = inUse.stream().map(LabelSet::normal).toList();
        List<Label> after =
                withRowsFor(inUse, step).rows().stream()
                        .map(label -> label.withRetired(!names.contains(normal(label.name()))))
                        .toList();
        return new LabelSet(after, revision, published, configuration).since(this);
    }

    /** With a row for each of {@code names}, the new ones last. */
    private LabelSet withRowsFor(List<String> names, long step) {
        List<Label> more = new ArrayList<>(rows);
        minus(names, names()).forEach(name -> more.add(new Label(name, false, step)));
        return withRows(more);
    }

    private LabelSet withRows(List<Label> others) {
        return new LabelSet(others, revision, published, configured);
    }

    private LabelSet spelled(Collection<String> spellings) {
        Map<String, String> byNormal = new HashMap<>();
        spellings.forEach(name -> byNormal.put(normal(name), name));
        return withRows(
                rows.stream()
                        .map(
                                label ->
                                        label.withName(
                                                byNormal.getOrDefault(
                                                        normal(label.name()), label.name())))
                        .toList());
    }

    /** With the revision that follows {@code earlier}'s if a name, an order or a use differs. */
    private LabelSet since(LabelSet earlier) {
        boolean same = shown().equals(earlier.shown());
        return new LabelSet(rows, earlier.revision + (same ? 0 : 1), earlier.published, configured);
    }

    private List<Label> shown() {
        return rows.stream().map(label -> new Label(label.name(), label.retired(), 0)).toList();
    }

    private static List<String> merge(List<String> names, List<String> more) {
        List<String> all = new ArrayList<>(names);
        all.addAll(minus(more, names));
        return all;
    }

    /** {@code names} without those that are among {@code others}, whatever their normal form. */
    public static List<String> minus(List<String> names, List<String> others) {
        List<String> left = others.stream().map(LabelSet::normal).toList();
        return names.stream().filter(name -> !left.contains(normal(name))).toList();
    }
}
