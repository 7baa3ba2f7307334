package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.state.BudgetState;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.config.settings.PredictSettings;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.fleet.FleetNews;
import io.rankstream.job.state.Backend;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fleet hears of adapters, and what its commands do. */
@ParameterizedClass
@EnumSource(Backend.class)
class FleetTest extends OperatorInHarness {

    FleetTest(Backend backend) {
        super(backend);
    }

    @Test
    void hearsOfEachCompetitionOfTriplets() throws Exception {
        open(true, null);

        give(batches("a", 6));

        // The warm-up is one step long, and masks come every second step.
        assertThat(needs()).hasSize(2);
        FleetNews.Need last = needs().get(1);
        assertThat(last.adapterId()).isEqualTo("a");
        assertThat(last.need().step()).isEqualTo(5);
        assertThat(last.need().examples()).isEqualTo(10);
        assertThat(last.need().isPinned()).isFalse();
        assertThat(last.need().target()).isEqualTo(last.need().initial() / 2);
        assertThat(budgetOf("a").live()).hasSize(last.need().initial());
    }

    @Test
    void hearsNothingWhereEachAdapterHasItsOwnBudget() throws Exception {
        open(false, null);

        give(batches("a", 6));
        carryOut(budget("a", 3, CommandIssuer.USER));

        assertThat(side(TrainOutputs.FLEET_NEWS)).isEmpty();
    }

    @Test
    void theFleetsCommandMovesTheBudgetAndLeavesItToTheFleet() throws Exception {
        open(true, null);
        give(batches("a", 6));

        carryOut(budget("a", 3, CommandIssuer.FLEET));
        give(batches("a", 2));

        assertThat(targets()).containsExactly(new FleetNews.Target("a", 3, false, true));
        assertThat(budgetOf("a").liveTriplets()).isEqualTo(3);
        assertThat(budgetOf("a").isOfFleet()).isTrue();
    }

    @Test
    void whatAUserHasSetTheFleetDoesNotMove() throws Exception {
        open(true, null);
        give(batches("a", 6));
        carryOut(budget("a", 5, CommandIssuer.USER));

        carryOut(budget("a", 3, CommandIssuer.FLEET));

        assertThat(answers())
                .extracting(CommandAnswer::getOutcome)
                .containsExactly(CommandOutcome.DONE, CommandOutcome.REFUSED);
        assertThat(answers().get(1).getMessage()).contains("a user has set the budget to 5");
        assertThat(targets())
                .containsExactly(
                        new FleetNews.Target("a", 5, true, false),
                        new FleetNews.Target("a", 5, true, true));
    }

    /** Otherwise it would wait for an answer for ever. */
    @Test
    void hearsOfItsCommandsThatAdaptersNeverGet() throws Exception {
        open(true, null);
        ControlCommand command = budget("a", 3, CommandIssuer.FLEET);

        carryOut(command);
        harness.processElement(
                new JudgedCommand.Answered(command, 1, CommandOutcome.REFUSED, "by the judge"), 0);
        harness.processElement(
                new JudgedCommand.Answered(
                        budget("a", 3, CommandIssuer.USER), 1, CommandOutcome.REFUSED, "the same"),
                0);

        assertThat(answers())
                .extracting(CommandAnswer::getOutcome)
                .containsOnly(CommandOutcome.REFUSED);
        assertThat(side(TrainOutputs.FLEET_NEWS))
                .containsExactly(new FleetNews.Refused("a"), new FleetNews.Refused("a"));
    }

    @Test
    void aBudgetOfZeroGivesItBack() throws Exception {
        open(true, null);
        give(batches("a", 6));
        int ofSchedule = needs().get(1).need().target();
        carryOut(budget("a", 5, CommandIssuer.USER));

        carryOut(budget("a", 0, CommandIssuer.USER));

        assertThat(answers().get(1).getMessage()).contains("the fleet moves it again");
        assertThat(targets().get(1)).isEqualTo(new FleetNews.Target("a", ofSchedule, false, false));
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "ROLL_BACK"})
    void hearsOfCommandsThatChangeTheBudgetWithTheAdapter(ControlAction action) throws Exception {
        open(true, null);
        give(batches("a", 6));
        int ofSchedule = needs().get(1).need().target();
        carryOut(budget("a", 3, CommandIssuer.FLEET));
        carryOut(Commands.of("a", ControlAction.PUBLISH));
        harness.publish(temp);

        ControlCommand command = Commands.of("a", action);
        command.setVersion(1L);
        carryOut(command);

        assertThat(answers().get(2).getOutcome()).isEqualTo(CommandOutcome.DONE);
        // A version does not have what the fleet gave.
        assertThat(targets().get(1)).isEqualTo(new FleetNews.Target("a", ofSchedule, false, false));
    }

    @Test
    void withoutAFleetAnAdapterHasItsOwnBudgetAgain() throws Exception {
        open(true, null);
        give(batches("a", 6));
        give(batches("b", 6));
        carryOut(budget("a", 3, CommandIssuer.FLEET));
        carryOut(budget("b", 3, CommandIssuer.USER));
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();

        open(false, state);
        give(batches("a", 2));
        give(batches("b", 2));
        carryOut(budget("a", 3, CommandIssuer.FLEET));

        assertThat(budgetOf("a").liveTriplets()).isEqualTo(budgetOf("a").live().length / 2);
        assertThat(budgetOf("b").liveTriplets()).isEqualTo(3);
        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage()).contains("fleet.triplets is not set");
                        });
    }

    private void open(boolean sharesBudget, OperatorSubtaskState state) throws Exception {
        harness =
                new TrainHarness(
                        backend,
                        model,
                        NEVER,
                        new TrainSettings(
                                ALL_ADAPTERS,
                                0,
                                0,
                                Duration.ZERO,
                                PredictSettings.DEFAULT,
                                sharesBudget),
                        Examples.named(NAMED),
                        temp);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    private BudgetState budgetOf(String adapterId) throws Exception {
        harness.snapshot(9, 9);
        return harness.adapters().get(adapterId).budget();
    }

    private static ControlCommand budget(String adapterId, int triplets, CommandIssuer issuer) {
        ControlCommand command = Commands.of(adapterId, ControlAction.SET_BUDGET);
        command.setBudget(triplets);
        command.setIssuer(issuer);
        return command;
    }

    private void carryOut(ControlCommand command) throws Exception {
        harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
    }

    private List<CommandAnswer> answers() {
        return side(TrainOutputs.ANSWERS);
    }

    private List<FleetNews.Need> needs() {
        return news(FleetNews.Need.class);
    }

    private List<FleetNews.Target> targets() {
        return news(FleetNews.Target.class);
    }

    private <T extends FleetNews> List<T> news(Class<T> kind) {
        return side(TrainOutputs.FLEET_NEWS).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
