package io.rankstream.job.fleet;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.fleet.FleetNeed;
import io.rankstream.adapters.fleet.ImportanceHistogram;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.job.LoggedLines;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.FleetSettings;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is commanded what, after which news. */
@ParameterizedClass
@EnumSource(Backend.class)
@SuppressWarnings("try") // the harness declares that closing throws any exception
class FleetFunctionTest {

    private static final int INITIAL = 48;

    private static final Map<String, TrainingTemplate> NAMED =
            Map.of("easy", Examples.TEMPLATE, "hard", Examples.TEMPLATE, "own", Examples.TEMPLATE);

    private final Backend backend;

    FleetFunctionTest(Backend backend) {
        this.backend = backend;
    }

    @Test
    void anAdapterThatJoinsIsGivenItsShareAtOnce() throws Exception {
        List<ControlCommand> commands = run(need("easy", 100, 1e-20f, 30, false));

        assertThat(commands)
                .singleElement()
                .satisfies(
                        command -> {
                            assertThat(command.getAdapterId()).isEqualTo("easy");
                            assertThat(command.getAction()).isEqualTo(ControlAction.SET_BUDGET);
                            assertThat(command.getBudget()).isEqualTo(48);
                            assertThat(command.getIssuer()).isEqualTo(CommandIssuer.FLEET);
                            assertThat(command.getCommandId()).isEqualTo("fleet/25/48");
                        });
    }

    @Test
    void tripletsAreGivenOnOnlyOnceTheyAreGivenBack() throws Exception {
        List<FleetNews> joined =
                List.of(
                        need("easy", 100, 1e-20f, 24, false),
                        target("easy", 48, true),
                        need("hard", 100, 1e-8f, 24, false));

        assertThat(budgets(run(joined))).containsExactly("easy 48", "easy 6");
        assertThat(budgets(run(plus(joined, target("easy", 6, true)))))
                .containsExactly("easy 48", "easy 6", "hard 42");
    }

    @Test
    void whatAUserHasSetStaysUntilItIsGivenBack() throws Exception {
        List<FleetNews> pinned =
                List.of(
                        need("easy", 100, 1e-20f, 24, false),
                        target("easy", 48, true),
                        need("own", 100, 1e-8f, 30, true));

        assertThat(budgets(run(pinned))).containsExactly("easy 48", "easy 18");
        assertThat(
                        budgets(
                                run(
                                        plus(
                                                plus(pinned, target("easy", 18, true)),
                                                target("own", 24, false)))))
                .containsExactly("easy 48", "easy 18", "easy 6");
    }

    /** Otherwise it would be sent again and again. */
    @Test
    void aCommandThatIsRefusedIsNotRepeatedBeforeTheNextAllocation() throws Exception {
        assertThat(
                        budgets(
                                run(
                                        need("easy", 100, 1e-20f, 24, false),
                                        target("easy", 24, true),
                                        need("easy", 110, 1e-20f, 24, false))))
                .containsExactly("easy 48");
    }

    @Test
    void aTotalThatCannotBeKeptIsToldOnceUntilItCanBeKept() throws Exception {
        try (LoggedLines lines = LoggedLines.of(FleetFunction.class);
                Run run = new Run(NAMED, null)) {
            run.hear(
                    List.of(
                            need("easy", 100, 1e-8f, 24, false),
                            need("own", 100, 1e-8f, 48, true),
                            need("easy", 1100, 1e-8f, 24, false),
                            need("easy", 2100, 1e-8f, 24, false)));
            assertThat(lines.onConsole()).singleElement(as(STRING)).contains("cannot be kept");

            run.hear(
                    List.of(
                            target("own", 24, false),
                            new FleetNews.Target("own", 48, true, false)));
            assertThat(lines.onConsole()).hasSize(2);
        }
    }

    /** Its triplets would be kept for it, and it would never be asked again. */
    @Test
    void nobodyWaitsForACommandThatDidNotComeToItsAdapter() throws Exception {
        List<FleetNews> refused =
                List.of(
                        need("easy", 100, 1e-20f, 24, false),
                        new FleetNews.Refused("easy"),
                        need("easy", 600, 1e-20f, 24, false));

        assertThat(budgets(run(refused))).containsExactly("easy 48");
        assertThat(budgets(run(plus(refused, need("easy", 1100, 1e-20f, 24, false)))))
                .containsExactly("easy 48", "easy 48");
        assertThat(run(new FleetNews.Refused("easy"))).isEmpty();
    }

    @Test
    void dividesAgainAfterTheExamplesOfAnInterval() throws Exception {
        List<FleetNews> settled =
                List.of(
                        need("easy", 100, 1e-8f, 24, false),
                        target("easy", 48, true),
                        need("hard", 100, 1e-8f, 24, false),
                        target("easy", 24, true),
                        need("easy", 400, 1e-20f, 24, false),
                        need("easy", 700, 1e-20f, 24, false));
        List<String> before = budgets(run(settled));

        List<String> early = budgets(run(plus(settled, need("easy", 1099, 1e-20f, 24, false))));
        List<String> due = budgets(run(plus(settled, need("easy", 1100, 1e-20f, 24, false))));

        assertThat(early).isEqualTo(before);
        assertThat(due).hasSizeGreaterThan(before.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAdapterWhoseBudgetCannotBeMovedAnyMoreIsNoMember(boolean isNamed) throws Exception {
        Map<String, TrainingTemplate> later = new TreeMap<>(NAMED);
        later.remove("easy");
        if (isNamed) {
            later.put(
                    "easy",
                    Examples.TEMPLATE.toBuilder()
                            .method(Method.LORA)
                            .schedule(new ConstantBudgetSchedule())
                            .build());
        }
        List<FleetNews> before =
                List.of(
                        need("easy", 100, 1e-8f, 20, false),
                        target("easy", 48, true),
                        need("hard", 100, 1e-8f, 20, false));
        OperatorSubtaskState state;
        try (Run run = new Run(NAMED, null)) {
            run.hear(before);
            state = run.snapshot();
        }

        try (Run run = new Run(later, state)) {
            run.hear(List.of(need("own", 100, 1e-20f, 24, false)));

            assertThat(run.budgets()).containsExactly("own 6");
        }
    }

    /** Wherever a run is cut, it goes on as if it had not been. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void saysTheSameOverRestores(long seed) throws Exception {
        List<FleetNews> news = news(seed);
        List<ControlCommand> whole = run(news);
        Random random = new Random(seed);

        List<ControlCommand> said = new ArrayList<>();
        OperatorSubtaskState state = null;
        for (int from = 0; from < news.size(); ) {
            int to = Math.min(news.size(), from + 1 + random.nextInt(12));
            try (Run run = new Run(NAMED, state)) {
                run.hear(news.subList(from, to));
                said.addAll(run.commands());
                state = run.snapshot();
            }
            from = to;
        }

        assertThat(whole).isNotEmpty();
        assertThat(said).isEqualTo(whole);
    }

    /** News of subtasks meet in some order: the total is kept in each. */
    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void theTotalIsKeptInWhateverOrderAdaptersAreHeard(long seed) throws Exception {
        Map<String, Integer> targets = new TreeMap<>();
        Map<String, Long> examples = new TreeMap<>();
        Random random = new Random(seed);
        List<String> ids = List.of("easy", "hard", "own");
        try (Run run = new Run(NAMED, null)) {
            int carriedOut = 0;
            for (int i = 0; i < 200; i++) {
                String id = ids.get(random.nextInt(3));
                long seen = examples.merge(id, 40L, Long::sum);
                float score = (float) Math.exp(-30 * random.nextDouble());
                int target = targets.computeIfAbsent(id, any -> 16);
                run.hear(List.of(need(id, seen, score, target, false)));
                while (carriedOut < run.commands().size()) {
                    ControlCommand command = run.commands().get(carriedOut++);
                    int before = sum(targets);
                    targets.put(command.getAdapterId(), command.getBudget());
                    run.hear(List.of(target(command.getAdapterId(), command.getBudget(), true)));
                    assertThat(sum(targets)).isLessThanOrEqualTo(Math.max(48, before));
                }
            }
            assertThat(sum(targets)).isLessThanOrEqualTo(48);
            assertThat(carriedOut).isPositive();
        }
    }

    private List<ControlCommand> run(FleetNews... news) throws Exception {
        return run(List.of(news));
    }

    private List<ControlCommand> run(List<FleetNews> news) throws Exception {
        try (Run run = new Run(NAMED, null)) {
            run.hear(news);
            return run.commands();
        }
    }

    /** Needs of three adapters, and answers to what they are commanded, some of them late. */
    private List<FleetNews> news(long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, Integer> targets = new LinkedHashMap<>();
        List<FleetNews> news = new ArrayList<>();
        try (Run run = new Run(NAMED, null)) {
            int answered = 0;
            for (int i = 1; i < 60; i++) {
                String id = List.of("easy", "hard", "own").get(random.nextInt(3));
                FleetNews next =
                        need(
                                id,
                                40L * i,
                                (float) Math.exp(-30 * random.nextDouble()),
                                targets.getOrDefault(id, 24),
                                false);
                if (answered < run.commands().size() && random.nextBoolean()) {
                    ControlCommand command = run.commands().get(answered++);
                    targets.put(command.getAdapterId(), command.getBudget());
                    next = target(command.getAdapterId(), command.getBudget(), true);
                }
                news.add(next);
                run.hear(List.of(next));
            }
        }
        return news;
    }

    private static int sum(Map<String, Integer> targets) {
        return targets.values().stream().mapToInt(each -> each).sum();
    }

    private static List<FleetNews> plus(List<FleetNews> before, FleetNews next) {
        List<FleetNews> all = new ArrayList<>(before);
        all.add(next);
        return all;
    }

    private static List<String> budgets(List<ControlCommand> commands) {
        return commands.stream()
                .map(command -> command.getAdapterId() + " " + command.getBudget())
                .toList();
    }

    private static FleetNews target(String adapterId, int triplets, boolean answersFleet) {
        return new FleetNews.Target(adapterId, triplets, false, answersFleet);
    }

    private static FleetNews need(
            String adapterId, long examples, float score, int target, boolean isPinned) {
        float[] scores = new float[INITIAL];
        Arrays.fill(scores, score);
        return new FleetNews.Need(
                adapterId,
                new FleetNeed(
                        examples / 4,
                        examples,
                        ImportanceHistogram.of(scores),
                        INITIAL,
                        target,
                        isPinned));
    }

    /** A start of the function. */
    private final class Run implements AutoCloseable {

        private final KeyedOneInputStreamOperatorTestHarness<String, FleetNews, ControlCommand>
                harness;

        /**
         * @param state what it goes on from; null for nothing
         */
        Run(Map<String, TrainingTemplate> named, OperatorSubtaskState state) throws Exception {
            ConfiguredAdapters configured = Examples.named(named);
            harness =
                    new KeyedOneInputStreamOperatorTestHarness<>(
                            new KeyedProcessOperator<>(
                                    new FleetFunction(new FleetSettings(48, 1000), configured)),
                            news -> "fleet",
                            Types.STRING);
            harness.getStreamConfig().setupNetworkInputs(FleetNewsSerializer.INSTANCE);
            harness.getStreamConfig().serializeAllConfigs();
            harness.setStateBackend(backend.create());
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
        }

        void hear(List<FleetNews> news) throws Exception {
            for (FleetNews each : news) {
                harness.processElement(each, 0);
            }
        }

        List<ControlCommand> commands() {
            return harness.extractOutputValues();
        }

        List<String> budgets() {
            return FleetFunctionTest.budgets(commands());
        }

        OperatorSubtaskState snapshot() throws Exception {
            return harness.snapshot(1, 1);
        }

        @Override
        public void close() throws Exception {
            harness.close();
        }
    }
}
