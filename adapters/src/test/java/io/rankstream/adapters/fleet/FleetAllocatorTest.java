package io.rankstream.adapters.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FleetAllocatorTest {

    @Property(tries = 500)
    void theSumIsTheTotalAndNobodyHasLessOrMoreThanAllowed(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int size,
            @ForAll @IntRange(max = 600) int total) {
        List<FleetMember> members = members(seed, size);
        int started = members.stream().mapToInt(FleetMember::initial).sum();

        int[] budgets = FleetAllocator.allocate(members, total);

        assertThat(Arrays.stream(budgets).sum())
                .isEqualTo(Math.max(size, Math.min(total, started)));
        for (int i = 0; i < size; i++) {
            int initial = members.get(i).initial();
            assertThat(budgets[i])
                    .isBetween(Math.min(initial, Math.max(1, total / size / 4)), initial);
        }
    }

    @Property(tries = 200)
    void isTheSameToOneTripletInEveryOrder(@ForAll long seed) {
        List<FleetMember> members = members(seed, 6);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 6).boxed().toList());
        Collections.shuffle(order, new Random(seed));

        int[] budgets = FleetAllocator.allocate(members, 100);
        int[] shuffled = FleetAllocator.allocate(order.stream().map(members::get).toList(), 100);

        for (int i = 0; i < order.size(); i++) {
            assertThat(Math.abs(shuffled[i] - budgets[order.get(i)])).isLessThanOrEqualTo(1);
        }
    }

    @Property(tries = 200)
    void whoseTripletsMatterMoreHasNoLessThanBefore(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 1000) int factor) {
        List<FleetMember> members = members(seed, 5, 1);
        List<FleetMember> raised = new ArrayList<>(members);
        raised.set(0, members(seed, 5, factor).get(0));

        assertThat(FleetAllocator.allocate(raised, 80)[0])
                .isGreaterThanOrEqualTo(FleetAllocator.allocate(members, 80)[0] - 1);
    }

    @Test
    void tripletsMoveFromWhoDoesNotNeedThemToWhoDoes() {
        FleetMember easy = new FleetMember(all(1e-20f, 40), 40);
        FleetMember hard = new FleetMember(all(1e-8f, 40), 40);

        assertThat(FleetAllocator.allocate(List.of(easy, hard), 40)).containsExactly(5, 35);
    }

    private static ImportanceHistogram all(float score, int triplets) {
        float[] scores = new float[triplets];
        Arrays.fill(scores, score);
        return ImportanceHistogram.of(scores);
    }

    private static List<FleetMember> members(long seed, int size) {
        return members(seed, size, 1);
    }

    /**
     * @param factor of all scores
     */
    private static List<FleetMember> members(long seed, int size, int factor) {
        Random random = new Random(seed);
        return IntStream.range(0, size)
                .mapToObj(
                        i -> {
                            float[] scores = new float[1 + random.nextInt(60)];
                            double level = -60 * random.nextDouble();
                            for (int j = 0; j < scores.length; j++) {
                                scores[j] =
                                        factor
                                                * (float)
                                                        Math.exp(level + 4 * random.nextGaussian());
                            }
                            return new FleetMember(ImportanceHistogram.of(scores), scores.length);
                        })
                .toList();
    }
}
