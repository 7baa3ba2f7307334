package io.rankstream.adapters.replay;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReplayBufferTest {

    private static final int CLASSES = 4;
    private static final int[] ALL = {0, 1, 2, 3};

    /** Bytes of an example of 229 tokens: 69 of them fit. */
    private static final int ALIKE = 229;

    private static final int FIT = ReplaySettings.FEWEST_BYTES / (28 + 4 * ALIKE);

    private static long draw(long number) {
        return number * 0x9E3779B97F4A7C15L;
    }

    private static ReplaySettings settings(double share) {
        return new ReplaySettings(share, ReplaySettings.FEWEST_BYTES);
    }

    private static ReplayBuffer buffer(ReplayState state, double share) {
        return new ReplayBuffer(state, settings(share), true, ReplayBufferTest::draw);
    }

    private static ReplayBuffer empty(double share) {
        return buffer(ReplayState.after(0, CLASSES), share);
    }

    private static Tokens tokens(int count) {
        return new Tokens(new int[count], false).withWords(new int[] {7});
    }

    private static void learn(ReplayBuffer buffer, int row, int count) {
        buffer.learned(row, row, 0, tokens(count));
    }

    private static Map<Integer, List<KeptExample>> kept(ReplayBuffer buffer) {
        return buffer.state().examples().stream().collect(groupingBy(KeptExample::row));
    }

    @Property(tries = 100)
    void neverKeepsMoreBytesThanItMayWhateverComes(
            @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 3) Integer> rows,
            @ForAll Random lengths) {
        ReplayBuffer buffer = empty(1);
        for (int row : rows) {
            learn(buffer, row, 1 + lengths.nextInt(2_000));

            assertThat(buffer.state().bytes()).isLessThanOrEqualTo(ReplaySettings.FEWEST_BYTES);
        }
    }

    @Property(tries = 100)
    void keepsOfEveryClassThoseThatDrewLeast(
            @ForAll @Size(min = 1, max = 400) List<@IntRange(max = 3) Integer> rows,
            @ForAll Random lengths) {
        ReplayBuffer buffer = empty(1);
        for (int row : rows) {
            learn(buffer, row, 1 + lengths.nextInt(500));
        }

        Map<Integer, List<KeptExample>> kept = kept(buffer);
        for (int row : ALL) {
            List<Long> came =
                    IntStream.range(0, rows.size())
                            .filter(i -> rows.get(i) == row)
                            .mapToObj(i -> (long) i + 1)
                            .sorted(Comparator.comparing(ReplayBufferTest::draw))
                            .toList();
            Set<Long> numbers =
                    kept.getOrDefault(row, List.of()).stream()
                            .map(KeptExample::number)
                            .collect(Collectors.toSet());
            assertThat(numbers).isEqualTo(new HashSet<>(came.subList(0, numbers.size())));
        }
    }

    /**
     * How many of each class there is room for: the largest are alike, the smaller ones are whole.
     */
    private static int[] levels(int[] counts) {
        int[] levels = new int[counts.length];
        for (int left = FIT; left > 0; ) {
            int smallest = -1;
            for (int i = 0; i < counts.length; i++) {
                if (levels[i] < counts[i] && (smallest < 0 || levels[i] <= levels[smallest])) {
                    smallest = i;
                }
            }
            if (smallest < 0) {
                return levels;
            }
            levels[smallest]++;
            left--;
        }
        return levels;
    }

    @Property(tries = 60)
    void classesAreAsLargeAsTheyCanBeAlikeInWhateverOrderTheyCame(
            @ForAll @Size(4) List<@IntRange(max = 120) Integer> counts, @ForAll Random order) {
        List<Integer> rows = new ArrayList<>();
        for (int row : ALL) {
            rows.addAll(Collections.nCopies(counts.get(row), row));
        }
        Collections.shuffle(rows, order);
        ReplayBuffer buffer = empty(1);
        rows.forEach(row -> learn(buffer, row, ALIKE));

        int[] found = new int[CLASSES];
        kept(buffer).forEach((row, of) -> found[row] = of.size());
        assertThat(IntStream.of(found).sum()).isEqualTo(Math.min(FIT, rows.size()));
        int[] levels = levels(counts.stream().mapToInt(Integer::intValue).toArray());
        for (int row : ALL) {
            assertThat(found[row]).isBetween(levels[row] - 1, levels[row] + 1);
        }
    }

    @Property(tries = 60)
    void goesOnFromItsStateAsIfItHadNeverStopped(
            @ForAll @Size(min = 2, max = 250) List<@IntRange(max = 3) Integer> rows,
            @ForAll @DoubleRange(min = .1, max = 3) double share,
            @ForAll @IntRange(min = 1, max = 5) int batch,
            @ForAll Random lengths) {
        ReplayBuffer whole = empty(share);
        ReplayBuffer stopped = empty(share);
        for (int from = 0; from < rows.size(); from += batch) {
            int to = Math.min(from + batch, rows.size());
            ReplayDraw draw = whole.draw(to - from, ALL);
            stopped = buffer(stopped.state(), share);

            assertThat(stopped.draw(to - from, ALL)).isEqualTo(draw);
            whole.drawn(draw);
            stopped.drawn(draw);
            for (int row : rows.subList(from, to)) {
                int length = 1 + lengths.nextInt(900);
                int said = lengths.nextInt(CLASSES);
                whole.learned(row, said, 0, tokens(length));
                stopped.learned(row, said, 0, tokens(length));
            }
            assertThat(stopped.state()).isEqualTo(whole.state());
        }
    }

    @Property(tries = 60)
    void drawsAsManyAsItsShareSaysHoweverTheyAreBatched(
            @ForAll @IntRange(min = 1, max = 12) int eighths,
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 6) Integer> batches) {
        ReplayBuffer buffer = empty(eighths / 8.0);
        IntStream.range(0, 60).forEach(i -> learn(buffer, i % CLASSES, 8));
        int fresh = 0;
        int drawn = 0;
        for (int batch : batches) {
            ReplayDraw draw = buffer.draw(batch, ALL);
            buffer.drawn(draw);
            fresh += batch;
            drawn += draw.examples().size();

            assertThat(drawn).isEqualTo(fresh * eighths / 8);
            assertThat(draw.examples()).doesNotHaveDuplicates();
        }
    }

    @Example
    void classesTakeTurnsAndSoDoTheExamplesOfAClass() {
        ReplayBuffer buffer = empty(1);
        IntStream.range(0, 50).forEach(i -> learn(buffer, i < 40 ? 0 : 1 + i % 3, 8));
        Map<Integer, Integer> turns = new HashMap<>();
        Map<Long, Integer> times = new HashMap<>();
        for (int step = 0; step < 160; step++) {
            ReplayDraw draw = buffer.draw(1, ALL);
            buffer.drawn(draw);
            draw.examples()
                    .forEach(
                            example -> {
                                turns.merge(example.row(), 1, Integer::sum);
                                times.merge(example.number(), 1, Integer::sum);
                            });
        }

        assertThat(turns).containsOnlyKeys(0, 1, 2, 3);
        assertThat(turns.values()).containsOnly(40);
        assertThat(times).hasSize(50);
        assertThat(IntStream.rangeClosed(1, 40).map(number -> times.get((long) number)))
                .containsOnly(1);
    }

    @Example
    void drawsNothingOfClassesThatAreNotInUseAndOwesNothingForThat() {
        ReplayBuffer buffer = empty(2);
        learn(buffer, 1, 8);
        learn(buffer, 2, 8);

        assertThat(buffer.draw(8, new int[] {0, 2}).examples())
                .extracting(KeptExample::row)
                .containsExactly(2);
        assertThat(buffer.draw(8, new int[] {0}).examples()).isEmpty();
        assertThat(buffer.draw(8, new int[] {0}).next().owed()).isZero();
        assertThat(buffer.draw(8, new int[0]).examples()).isEmpty();
    }

    @Example
    void keepsWhatTheModelReadsAndNoWords() {
        ReplayBuffer buffer = empty(1);
        buffer.learned(3, 1, 0, new Tokens(new int[] {4, 5, 6}, 2, true, new int[] {9}));

        assertThat(buffer.state().examples())
                .containsExactly(
                        new KeptExample(1, 3, 0, new Tokens(new int[] {4, 5, 6}, 2, false)));
    }

    @Example
    void anExampleThatIsForgottenIsNotDrawnAgain() {
        ReplayBuffer buffer = empty(1);
        learn(buffer, 0, 8);
        learn(buffer, 0, 8);
        buffer.forget(buffer.draw(1, ALL).examples().get(0));

        assertThat(buffer.draw(5, ALL).examples()).hasSize(1);
    }

    @Example
    void keepsLessWhereItsBytesAreFewerThanBefore() {
        ReplayBuffer large =
                new ReplayBuffer(
                        ReplayState.after(0, CLASSES),
                        new ReplaySettings(1, 2 * ReplaySettings.FEWEST_BYTES),
                        true,
                        ReplayBufferTest::draw);
        IntStream.range(0, 3 * FIT).forEach(i -> learn(large, i % CLASSES, ALIKE));

        ReplayState smaller = buffer(large.state(), 1).state();

        assertThat(smaller.bytes()).isLessThanOrEqualTo(ReplaySettings.FEWEST_BYTES);
        assertThat(large.state().examples()).containsAll(smaller.examples());
    }

    @Example
    void newLabelsHaveRoomBesideTheOthers() {
        ReplayBuffer two =
                new ReplayBuffer(
                        ReplayState.after(0, 2), settings(1), true, ReplayBufferTest::draw);
        IntStream.range(0, 200).forEach(i -> learn(two, i % 2, ALIKE));

        ReplayBuffer more = buffer(two.state().withLabels(CLASSES), 1);
        IntStream.range(0, 200).forEach(i -> learn(more, 3, ALIKE));

        assertThat(kept(more)).containsOnlyKeys(0, 1, 3);
        assertThat(kept(more).values())
                .allSatisfy(of -> assertThat(of).hasSizeBetween(FIT / 3, FIT / 3 + 1));
    }
}
