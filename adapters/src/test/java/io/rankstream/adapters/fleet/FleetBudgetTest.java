package io.rankstream.adapters.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FleetBudgetTest {

    private static final int INITIAL = 48;

    private final SortedMap<String, FleetAccount> accounts = new TreeMap<>();

    @Test
    void asksWhoGivesBackFirstAndTheOthersWhenThereIsRoom() {
        FleetBudget budget = new FleetBudget(48);
        tell("easy", 1e-20f, 24);
        tell("hard", 1e-8f, 24);
        budget.allocate(accounts);

        assertThat(budget.asks(accounts)).isEqualTo(Map.of("easy", 6));
        assertThat(budget.asks(accounts)).isEmpty();

        answer("easy", 6);

        assertThat(budget.asks(accounts)).isEqualTo(Map.of("hard", 42));
    }

    @Test
    void aSmallChangeIsNotAskedFor() {
        FleetBudget budget = new FleetBudget(48);
        tell("easy", 1e-20f, 7);
        tell("hard", 1e-8f, 41);
        budget.allocate(accounts);

        assertThat(accounts).allSatisfy((id, account) -> assertThat(account.change()).isZero());
    }

    @Test
    void aSmallChangeIsAskedForWhereTheTotalIsNotKept() {
        FleetBudget budget = new FleetBudget(48);
        tell("easy", 1e-20f, 7);
        tell("hard", 1e-8f, 43);
        budget.allocate(accounts);

        assertThat(budget.asks(accounts)).isEqualTo(Map.of("easy", 6, "hard", 42));
    }

    @Test
    void whatSomebodyElseHasSetStaysAndCounts() {
        FleetBudget budget = new FleetBudget(60);
        tell("easy", 1e-20f, 20);
        tell("hard", 1e-8f, 20);
        accounts.put("own", FleetAccount.opened(need(1e-9f, 30, true)));
        budget.allocate(accounts);

        assertThat(accounts.get("own").change()).isZero();
        assertThat(accounts.get("easy").wanted() + accounts.get("hard").wanted()).isEqualTo(30);
    }

    /**
     * Answers come late and in any order, and adapters join; the total holds once it is reached.
     */
    @Property(tries = 300)
    void whatIsHeldNeverGrowsBeyondTheTotal(
            @ForAll long seed, @ForAll @IntRange(min = 60, max = 300) int total) {
        Random random = new Random(seed);
        FleetBudget budget = new FleetBudget(total);
        SortedMap<String, FleetAccount> fleet = new TreeMap<>();
        List<Map.Entry<String, Integer>> onTheirWay = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String id = "a" + random.nextInt(5);
            FleetAccount known = fleet.get(id);
            int target = known == null ? INITIAL : known.need().target();
            FleetNeed need =
                    need((float) Math.exp(-30 * random.nextDouble()), target, false, 100L * i);
            int before = held(fleet);
            boolean joins = known == null;
            fleet.put(id, joins ? FleetAccount.opened(need) : known.after(need));
            if (joins || random.nextInt(4) == 0) {
                budget.allocate(fleet);
            }
            onTheirWay.addAll(budget.asks(fleet).entrySet());
            if (!onTheirWay.isEmpty() && random.nextBoolean()) {
                Map.Entry<String, Integer> done =
                        onTheirWay.remove(random.nextInt(onTheirWay.size()));
                fleet.computeIfPresent(
                        done.getKey(), (each, a) -> a.withTarget(done.getValue(), false, true));
            }
            assertThat(held(fleet))
                    .isLessThanOrEqualTo(Math.max(total, before + (joins ? INITIAL : 0)));
        }
        while (!onTheirWay.isEmpty()) {
            Map.Entry<String, Integer> done = onTheirWay.remove(0);
            fleet.computeIfPresent(
                    done.getKey(), (each, a) -> a.withTarget(done.getValue(), false, true));
            onTheirWay.addAll(budget.asks(fleet).entrySet());
        }
        assertThat(held(fleet)).isLessThanOrEqualTo(total);
    }

    private static int held(SortedMap<String, FleetAccount> fleet) {
        return fleet.values().stream().mapToInt(FleetAccount::held).sum();
    }

    private void tell(String adapterId, float score, int target) {
        accounts.put(adapterId, FleetAccount.opened(need(score, target, false)));
    }

    private void answer(String adapterId, int target) {
        accounts.computeIfPresent(
                adapterId, (id, account) -> account.withTarget(target, false, true));
    }

    private static FleetNeed need(float score, int target, boolean isPinned) {
        return need(score, target, isPinned, 100);
    }

    private static FleetNeed need(float score, int target, boolean isPinned, long examples) {
        float[] scores = new float[INITIAL];
        Arrays.fill(scores, score);
        return new FleetNeed(
                examples / 4, examples, ImportanceHistogram.of(scores), INITIAL, target, isPinned);
    }
}
