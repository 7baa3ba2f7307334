package io.rankstream.adapters.replay;

import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps a sample of one adapter's examples to learn from again: of every class those with the
 * smallest draws, so many that all classes together fit into their bytes and the largest ones are
 * equally large. For one thread.
 */
public final class ReplayBuffer {

    private final ReplaySettings settings;
    private final LongUnaryOperator draws;
    private final List<NavigableMap<Long, KeptExample>> classes = new ArrayList<>();
    private final int[] bytes;
    private final long[] bars;
    private final Meanings meanings;
    private ReplayDraw.Position position;

    /**
     * @param hasLabels whether its classes are labels
     * @param draws what the number of an example draws, of every number another
     */
    public ReplayBuffer(
            ReplayState state,
            ReplaySettings settings,
            boolean hasLabels,
            LongUnaryOperator draws) {
        this.settings = settings;
        this.draws = draws;
        this.bytes = new int[state.bars().length];
        this.bars = state.bars().clone();
        this.position = state.position();
        this.meanings = new Meanings(state.meanings(), hasLabels);
        IntStream.range(0, bytes.length).forEach(row -> classes.add(new TreeMap<>()));
        state.examples().forEach(this::put);
        shrink();
    }

    /** What it is by now. */
    public ReplayState state() {
        return new ReplayState(
                classes.stream()
                        .flatMap(kept -> kept.values().stream())
                        .sorted(Comparator.comparingLong(KeptExample::number))
                        .toList(),
                bars.clone(),
                position,
                meanings.state());
    }

    /**
     * What a step learns from again; nothing changes before it is {@link #drawn}. Classes take
     * turns, and so do the examples of a class.
     *
     * @param fresh new examples of the step
     * @param rows classes whose examples are of use, ascending
     */
    public ReplayDraw draw(int fresh, int[] rows) {
        double owed = position.owed() + settings.share() * fresh;
        long due = (long) owed;
        List<KeptExample> drawn = new ArrayList<>();
        long[] last = position.last().clone();
        int lastRow = position.lastRow();
        int[] left = IntStream.of(rows).map(row -> classes.get(row).size()).toArray();
        int at = after(lastRow, rows);
        for (int empty = 0; drawn.size() < due && empty < rows.length; at++) {
            int turn = at % rows.length;
            if (left[turn] == 0) {
                empty++;
            } else {
                empty = 0;
                left[turn]--;
                lastRow = rows[turn];
                Map.Entry<Long, KeptExample> next = next(lastRow, last[lastRow]);
                last[lastRow] = next.getKey();
                drawn.add(next.getValue());
            }
        }
        return new ReplayDraw(drawn, new ReplayDraw.Position(owed - due, lastRow, last));
    }

    /** Which of the classes has its turn after that of {@code row}. */
    private static int after(int row, int[] rows) {
        return (int) IntStream.of(rows).filter(other -> other <= row).count();
    }

    private Map.Entry<Long, KeptExample> next(int row, long after) {
        Map.Entry<Long, KeptExample> higher = classes.get(row).higherEntry(after);
        return higher != null ? higher : classes.get(row).firstEntry();
    }

    /** A step has learned from what was drawn. */
    public void drawn(ReplayDraw draw) {
        position = draw.next();
    }

    /**
     * An example was predicted and learned from; it may be kept.
     *
     * @param row class of what is true
     * @param said class of what was said
     * @param value what is true, where the task has no labels
     */
    public void learned(int row, int said, double value, Tokens tokens) {
        KeptExample example =
                new KeptExample(
                        meanings.next(),
                        row,
                        value,
                        new Tokens(tokens.ids(), tokens.second(), false));
        leave(meanings.predicted(row, said));
        if (draws.applyAsLong(example.number()) < bars[row]
                && example.bytes() <= settings.maxBytes()) {
            put(example);
            shrink();
        }
    }

    /** An example is not to be learned from again. */
    public void forget(KeptExample example) {
        remove(example.row(), draws.applyAsLong(example.number()));
    }

    /**
     * The stream has changed, as it seems. What was kept of labels that mean something else leaves
     * as soon as that is certain; without labels, all that was kept before does.
     *
     * @param beginning the first example after the change
     * @param certain whether it is known to be one
     */
    public void changed(long beginning, boolean certain) {
        leave(meanings.changed(beginning, certain));
    }

    /** The stream changes with the next example. */
    public void expectChange() {
        changed(meanings.next(), true);
    }

    /** The newest change is certain. */
    public void confirmChange() {
        leave(meanings.confirmed());
    }

    /** There was no such change. */
    public void dismissChange() {
        meanings.dismissed();
    }

    /** Their classes begin anew: what was kept of them is no sample of what they are now. */
    private void leave(int[] rows) {
        for (int row : rows) {
            List<Long> old =
                    classes.get(row).entrySet().stream()
                            .filter(kept -> kept.getValue().number() < meanings.beginning())
                            .map(Map.Entry::getKey)
                            .toList();
            old.forEach(draw -> remove(row, draw));
            bars[row] = Long.MAX_VALUE;
        }
    }

    private void put(KeptExample example) {
        classes.get(example.row()).put(draws.applyAsLong(example.number()), example);
        bytes[example.row()] += example.bytes();
    }

    private void remove(int row, long draw) {
        bytes[row] -=
                Stream.ofNullable(classes.get(row).remove(draw)).mapToInt(KeptExample::bytes).sum();
    }

    private void shrink() {
        while (IntStream.of(bytes).sum() > settings.maxBytes()) {
            int largest = 0;
            for (int row = 1; row < bytes.length; row++) {
                largest = bytes[row] > bytes[largest] ? row : largest;
            }
            bars[largest] = classes.get(largest).lastKey();
            remove(largest, bars[largest]);
        }
    }
}
