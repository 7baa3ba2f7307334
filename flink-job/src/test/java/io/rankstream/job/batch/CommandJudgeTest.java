package io.rankstream.job.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.drift.DriftMode;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.detector.DetectorKind;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandJudgeTest {

    private static final ConfiguredAdapters NAMED =
            Examples.named(Map.of("tickets", Examples.TEMPLATE, "mails-eu", Examples.TEMPLATE));

    @ParameterizedTest
    @ValueSource(strings = {"ticket", "tickest", "tickets1", "Tickets", "tockets", "ickets"})
    void aSlipIsAnsweredWithTheNearestNameThatThereIs(String slip) {
        assertThat(refusal(NAMED, slip))
                .contains("does not name adapter '" + slip + "'")
                .contains("did you mean 'tickets'? there are 'mails-eu', 'tickets'")
                .contains("send the command to one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mails_eu", "mail-eu", "MAILS-EU", "mials-eu"})
    void aSlipIsToldToWhereEveryAdapterIsAdmitted(String slip) {
        assertThat(refusal(withOthers(), slip))
                .contains("'%s' is not there yet".formatted(slip))
                .contains("send the command to 'mails-eu' if that was meant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"billing", "x"})
    void whatIsNearNoNameIsAnsweredWithAllOfThem(String id) {
        assertThat(refusal(NAMED, id))
                .contains("; there are 'mails-eu', 'tickets'")
                .doesNotContain("did you mean");
        assertThat(refusal(withOthers(), id)).endsWith("send the command after its first one");
    }

    @Test
    void anAdapterThatIsNamedIsNoSlip() {
        ConfiguredAdapters near =
                Examples.named(
                        Map.of("mails-eu", Examples.TEMPLATE, "mails-us", Examples.TEMPLATE));

        assertThat(refusal(near, "mails-us")).endsWith("send the command after its first one");
    }

    @Test
    void aConfigurationThatNamesNoneListsNone() {
        assertThat(refusal(ConfiguredAdapters.NONE, "tickets"))
                .contains("does not name adapter 'tickets'; send");
    }

    @ParameterizedTest
    @EnumSource(names = {"EXPECT_DRIFT", "CONFIRM_DRIFT", "DISMISS_DRIFT"})
    void whereNobodyWatchesTheStreamAWordAboutDriftCountsForNothing(ControlAction action) {
        TrainingTemplate unwatched =
                Examples.TEMPLATE.toBuilder()
                        .drift(new DriftSettings(DriftMode.OFF, DetectorKind.CUSUM, 10_000, false))
                        .build();

        JudgedCommand judged =
                new CommandJudge(Examples.named(Map.of("tickets", unwatched)))
                        .judge(Commands.of("tickets", action), AdapterControl.NONE, true, true);

        assertThat(judged.revision()).isZero();
        assertThat(judged)
                .isInstanceOfSatisfying(
                        JudgedCommand.Answered.class,
                        answered -> {
                            assertThat(answered.outcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answered.message()).contains("training.drift is off");
                        });
    }

    /** What the fleet does must not make what a user knows stale. */
    @ParameterizedTest
    @CsvSource({"USER, 1", "FLEET, 0"})
    void onlyAUsersCommandRaisesTheRevision(CommandIssuer issuer, long revision) {
        ControlCommand command = Commands.of("tickets", ControlAction.SET_BUDGET);
        command.setBudget(3);
        command.setIssuer(issuer);

        JudgedCommand judged =
                new CommandJudge(NAMED).judge(command, AdapterControl.NONE, true, true);

        assertThat(judged).isEqualTo(new JudgedCommand.Accepted(command, revision));
    }

    /** What raises no revision and is not remembered must not be able to do more than a fleet. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SET_BUDGET")
    void aFleetCommandsNothingButBudgets(ControlAction action) {
        ControlCommand command = Commands.of("tickets", action);
        command.setVersion(1L);
        command.setLabels(List.of("urgent"));
        command.setIssuer(CommandIssuer.FLEET);

        JudgedCommand judged =
                new CommandJudge(NAMED).judge(command, AdapterControl.NONE, true, true);

        assertThat(judged)
                .isInstanceOfSatisfying(
                        JudgedCommand.Answered.class,
                        answered ->
                                assertThat(answered.outcome()).isEqualTo(CommandOutcome.REFUSED));
    }

    /** The ids of a fleet's commands can be foretold, and it waits for an answer to each. */
    @ParameterizedTest
    @CsvSource({"USER, false", "FLEET, true"})
    void aFleetsCommandIsCarriedOutWhoeverHasUsedItsIdBefore(
            CommandIssuer issuer, boolean isCarriedOut) {
        ControlCommand command = Commands.of("tickets", ControlAction.SET_BUDGET);
        command.setBudget(3);
        command.setIssuer(issuer);
        AdapterControl used = AdapterControl.NONE.after(command.getCommandId());

        JudgedCommand judged = new CommandJudge(NAMED).judge(command, used, true, true);

        assertThat(judged instanceof JudgedCommand.Accepted).isEqualTo(isCarriedOut);
    }

    private static ConfiguredAdapters withOthers() {
        AdapterSettings settings = NAMED.of("tickets").orElseThrow();
        return NAMED.withOthers(settings);
    }

    private static String refusal(ConfiguredAdapters adapters, String id) {
        JudgedCommand judged =
                new CommandJudge(adapters)
                        .judge(
                                Commands.of(id, ControlAction.PAUSE),
                                AdapterControl.NONE,
                                false,
                                false);
        assertThat(judged).isInstanceOf(JudgedCommand.Answered.class);
        JudgedCommand.Answered answered = (JudgedCommand.Answered) judged;
        assertThat(answered.outcome()).isEqualTo(CommandOutcome.REFUSED);
        return answered.message();
    }
}
