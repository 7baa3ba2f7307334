package io.rankstream.job.train;

import io.rankstream.adapters.fleet.FleetNeed;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.fleet.FleetNews;
import io.rankstream.schemas.CommandIssuer;
import java.util.function.Consumer;

/** Tells the fleet what its adapters need, and what became of their budgets. */
final class FleetReport {

    private final boolean sharesBudget;
    private final Consumer<FleetNews> fleet;

    /**
     * @param sharesBudget whether there is a fleet; otherwise nothing is told
     */
    FleetReport(boolean sharesBudget, Consumer<FleetNews> fleet) {
        this.sharesBudget = sharesBudget;
        this.fleet = fleet;
    }

    /** After a step: nothing unless its triplets have competed, and their budget can be moved. */
    void stepped(ResidentAdapter adapter, TrainingTemplate template, StepReport report) {
        if (sharesBudget && template.movesBudget() && report.importance().isPresent()) {
            fleet.accept(
                    new FleetNews.Need(
                            adapter.meta().adapterId(),
                            new FleetNeed(
                                    report.step(),
                                    report.score().examples(),
                                    report.importance().get(),
                                    adapter.budget().live().length,
                                    adapter.budgetTarget(),
                                    adapter.budget().isPinned())));
        }
    }

    /** After a command to an adapter that is on the device, whatever became of it. */
    void commanded(JudgedCommand command, ResidentAdapter adapter, TrainingTemplate template) {
        if (sharesBudget && template.movesBudget() && concernsBudget(command)) {
            fleet.accept(
                    new FleetNews.Target(
                            command.adapterId(),
                            adapter.budgetTarget(),
                            adapter.budget().isPinned(),
                            isOfFleet(command)));
        }
    }

    /** After a command that was refused before it came to the adapter: nobody waits for it. */
    void refused(JudgedCommand command) {
        if (sharesBudget && isOfFleet(command)) {
            fleet.accept(new FleetNews.Refused(command.adapterId()));
        }
    }

    private static boolean isOfFleet(JudgedCommand command) {
        return command.command().getIssuer() == CommandIssuer.FLEET;
    }

    private static boolean concernsBudget(JudgedCommand command) {
        return switch (command.command().getAction()) {
            case SET_BUDGET, RESET, ROLL_BACK -> true;
            default -> false;
        };
    }
}
