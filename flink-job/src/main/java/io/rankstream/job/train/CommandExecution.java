package io.rankstream.job.train;

import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.job.batch.CommandLabels;
import io.rankstream.job.batch.JudgedCommand.Accepted;
import io.rankstream.job.batch.JudgedCommand.Answered;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.version.VersionFolder;
import io.rankstream.schemas.CommandIssuer;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.DriftEvent;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Carries out the commands that concern an adapter itself. One that is refused changes nothing. No
 * command touches another adapter.
 */
final class CommandExecution {

    private final Adapters adapters;
    private final PublishSettings publishing;
    private final boolean sharesBudget;
    private final BiConsumer<ResidentAdapter, TrainingTemplate> release;
    private final Consumer<DriftEvent> drift;

    /**
     * @param publishing where versions lie, and when they are due
     * @param sharesBudget whether the adapters share one rank budget
     * @param release publishes an adapter as it is, as its next version
     * @param drift tells what was said of changes of a stream
     */
    CommandExecution(
            Adapters adapters,
            PublishSettings publishing,
            boolean sharesBudget,
            BiConsumer<ResidentAdapter, TrainingTemplate> release,
            Consumer<DriftEvent> drift) {
        this.adapters = adapters;
        this.publishing = publishing;
        this.sharesBudget = sharesBudget;
        this.release = release;
        this.drift = drift;
    }

    /** The command with what became of it. Its adapter is the current key. */
    Answered carryOut(Accepted command, TrainingTemplate template) throws Exception {
        Optional<AdapterMeta> meta = adapters.meta(command.adapterId());
        if (meta.isEmpty()) {
            return command.refused("the adapter has not learned from any example yet");
        }
        if (namesLabels(command) && !template.head().task().hasLabels()) {
            return command.refused(
                    "the adapter learns a %s, which has no labels"
                            .formatted(template.head().task().id()));
        }
        Optional<Admission.Refused> misfit = adapters.misfit(command.adapterId(), template);
        if (misfit.isPresent()) {
            return command.refused(misfit.get().message());
        }
        return switch (command.command().getAction()) {
            case ROLL_BACK -> rollBack(command, meta.get(), template);
            case RESET -> reset(command, meta.get(), template);
            case PUBLISH ->
                    onDevice(command, template, adapter -> publish(command, adapter, template));
            case SET_BUDGET -> onDevice(command, template, adapter -> setBudget(command, adapter));
            case ADD_LABEL ->
                    onDevice(command, template, adapter -> addLabels(command, adapter, template));
            case RETIRE_LABEL ->
                    onDevice(
                            command, template, adapter -> retireLabels(command, adapter, template));
            case EXPECT_DRIFT ->
                    onDevice(command, template, adapter -> expectDrift(command, adapter));
            case CONFIRM_DRIFT, DISMISS_DRIFT ->
                    onDevice(command, template, adapter -> judgeAlarm(command, adapter));
            case PAUSE, RESUME, UNKNOWN ->
                    throw new IllegalArgumentException(
                            "the trainer was given " + command.command().getAction());
        };
    }

    /** What is done with an adapter that is on the device. */
    @FunctionalInterface
    private interface Deed {
        Answered with(ResidentAdapter adapter) throws Exception;
    }

    private Answered onDevice(Accepted command, TrainingTemplate template, Deed deed)
            throws Exception {
        return answer(command, adapters.admit(command.adapterId(), template), deed);
    }

    private static Answered answer(Accepted command, Admission admission, Deed deed)
            throws Exception {
        return admission instanceof Admission.Ready ready
                ? deed.with(ready.adapter())
                : command.refused(((Admission.Refused) admission).message());
    }

    private Answered publish(Accepted command, ResidentAdapter adapter, TrainingTemplate template) {
        AdapterMeta meta = adapter.meta();
        LabelSet labels = adapter.labels();
        if (meta.version() > 0
                && meta.publishedStep() == meta.step()
                && labels.published() == labels.revision()) {
            return command.done(
                    "no step was taken since version %d, which stays the newest"
                            .formatted(meta.version()));
        }
        release.accept(adapter, template);
        return command.done(
                "published step %d as version %d".formatted(meta.step(), adapter.meta().version()));
    }

    /** Versions only rise: what the adapter returns to is its newest version from now on. */
    private Answered rollBack(Accepted command, AdapterMeta meta, TrainingTemplate template)
            throws Exception {
        long version = command.command().getVersion();
        if (meta.version() == 0) {
            return command.refused(
                    "version is %s, but the adapter has none yet: publish makes its first one"
                            .formatted(version));
        }
        if (version > meta.version()) {
            return command.refused(
                    "version is %s, expected one of the adapter's versions, 1 to %d"
                            .formatted(version, meta.version()));
        }
        LabelSet labels = adapters.labels(meta.adapterId(), template);
        Admission replaced =
                adapters.replace(
                        meta.adapterId(),
                        template,
                        () ->
                                published(meta.adapterId(), version)
                                        .keepingLabelsOf(labels)
                                        .withVersionAfter(meta.version()));
        return answer(
                command,
                replaced,
                adapter -> {
                    release.accept(adapter, template);
                    return command.done(
                            "rolled back from step %d to version %d of step %d, published as version %d"
                                    .formatted(
                                            meta.step(),
                                            version,
                                            adapter.meta().step(),
                                            adapter.meta().version()));
                });
    }

    private AdapterState published(String adapterId, long version) throws IOException {
        VersionFolder folder = VersionFolder.of(publishing.directory(), adapterId, version);
        byte[] snapshot = folder.read(AdapterSnapshot.FILE);
        AdapterState state = AdapterSnapshot.parse(snapshot, folder.toString());
        AdapterMeta found = state.meta();
        if (!found.adapterId().equals(adapterId) || found.version() != version) {
            throw new IOException(
                    "%s cannot be read: its %s is version %d of adapter '%s'"
                            .formatted(
                                    folder,
                                    AdapterSnapshot.FILE,
                                    found.version(),
                                    found.adapterId()));
        }
        return state;
    }

    private Answered reset(Accepted command, AdapterMeta meta, TrainingTemplate template)
            throws Exception {
        return answer(
                command,
                adapters.reset(meta, template),
                adapter ->
                        command.done(
                                "reset from step %d to step %d; version %d stays the newest until the next one"
                                        .formatted(
                                                meta.step(),
                                                adapter.meta().step(),
                                                meta.version())));
    }

    private Answered setBudget(Accepted command, ResidentAdapter adapter) {
        int budget = command.command().getBudget();
        int triplets = adapter.budget().live().length;
        if (budget > triplets) {
            return command.refused(
                    "budget is %s, expected 0 to %d triplets over all modules"
                            .formatted(budget, triplets));
        }
        if (command.command().getIssuer() == CommandIssuer.FLEET) {
            return setBudgetOfFleet(command, adapter, budget);
        }
        adapters.setBudget(adapter, budget);
        return command.done(
                "the budget after warm-up and ramp is %d triplets, from the next mask on%s"
                        .formatted(adapter.budgetTarget(), sharesBudget ? ofFleet(budget) : ""));
    }

    private static String ofFleet(int budget) {
        return budget == BudgetState.OF_SCHEDULE
                ? ", and the fleet moves it again"
                : "; the fleet leaves it there until a budget of 0 or reset";
    }

    private Answered setBudgetOfFleet(Accepted command, ResidentAdapter adapter, int budget) {
        if (!sharesBudget) {
            return command.refused(
                    "the adapters do not share a budget any more, since fleet.triplets is not set");
        }
        if (adapter.budget().isPinned()) {
            return command.refused(
                    "a user has set the budget to %d triplets, and the fleet leaves it there"
                            .formatted(adapter.budgetTarget()));
        }
        adapters.setBudgetOfFleet(adapter, budget);
        return command.done(
                "the fleet gives it %d triplets after warm-up and ramp, from the next mask on"
                        .formatted(budget));
    }

    private Answered expectDrift(Accepted command, ResidentAdapter adapter) {
        AdapterMeta meta = adapter.meta();
        adapters.sayOfDrift(adapter, ResidentAdapter::expectDrift);
        DriftEvent event = DriftEvents.expected(command, meta.step(), meta.score().examples());
        drift.accept(event);
        return command.done(event.getMessage());
    }

    private Answered judgeAlarm(Accepted command, ResidentAdapter adapter) {
        AlarmLog alarms = adapter.drift().orElseThrow().alarms();
        if (alarms.last().isEmpty()) {
            return command.refused("the adapter has raised no alarm of drift so far");
        }
        DriftAlarm alarm = alarms.last().get();
        if (!alarms.isOpen()) {
            return command.refused(
                    "the alarm at example %,d is %s already, and there was none since"
                            .formatted(
                                    alarm.example(),
                                    alarms.verdict().name().toLowerCase(Locale.ROOT)));
        }
        boolean confirms = command.command().getAction() == ControlAction.CONFIRM_DRIFT;
        adapters.sayOfDrift(
                adapter, confirms ? ResidentAdapter::confirmDrift : ResidentAdapter::dismissDrift);
        DriftEvent event =
                confirms
                        ? DriftEvents.confirmed(alarm, command, adapter.meta().step())
                        : DriftEvents.dismissed(alarm, command, adapter.meta().step());
        drift.accept(event);
        return command.done(event.getMessage());
    }

    private static boolean namesLabels(Accepted command) {
        return switch (command.command().getAction()) {
            case ADD_LABEL, RETIRE_LABEL -> true;
            default -> false;
        };
    }

    private Answered addLabels(Accepted command, ResidentAdapter adapter, TrainingTemplate template)
            throws Exception {
        LabelSet labels = adapter.labels();
        for (String label : command.command().getLabels()) {
            if (labels.isActive(label)) {
                return command.refused(
                        "label %s is in use already, expected new or retired ones; %s"
                                .formatted(Excerpt.of(label), inUse(labels)));
            }
        }
        LabelSet next = labels.with(command.command().getLabels(), adapter.meta().step());
        if (next.rows().size() > CommandLabels.MOST_OF_AN_ADAPTER) {
            return command.refused(
                    "the adapter would have %d labels, retired ones included, expected %d at most"
                            .formatted(next.rows().size(), CommandLabels.MOST_OF_AN_ADAPTER));
        }
        return relabel(command, adapter, next, template);
    }

    private Answered retireLabels(
            Accepted command, ResidentAdapter adapter, TrainingTemplate template) throws Exception {
        LabelSet labels = adapter.labels();
        for (String label : command.command().getLabels()) {
            if (!labels.isActive(label)) {
                return command.refused(
                        "label %s is %s, expected ones in use; %s"
                                .formatted(
                                        Excerpt.of(label),
                                        labels.indexOf(label) < 0 ? "unknown" : "retired already",
                                        inUse(labels)));
            }
        }
        LabelSet next = labels.without(command.command().getLabels());
        if (next.active().size() < LabelSet.FEWEST) {
            return command.refused(
                    "%d of the adapter's %d labels would be left, expected %d or more"
                            .formatted(
                                    next.active().size(), labels.active().size(), LabelSet.FEWEST));
        }
        return relabel(command, adapter, next, template);
    }

    private Answered relabel(
            Accepted command, ResidentAdapter adapter, LabelSet labels, TrainingTemplate template)
            throws Exception {
        Optional<String> flaw = template.head().task().flaw(labels.active());
        if (flaw.isPresent()) {
            return command.refused(
                    "of the labels %s that would be in use, %s; %s"
                            .formatted(
                                    Excerpt.ofAll(labels.active()),
                                    flaw.get(),
                                    inUse(adapter.labels())));
        }
        AdapterState state = adapter.capture().withLabels(labels);
        AdapterMeta meta = state.meta();
        return answer(
                command,
                adapters.replace(meta.adapterId(), template, () -> state),
                relabeled ->
                        command.done(
                                "label revision %d; %s; so from step %d on, and in the next version, at step %d or sooner by 'publish'"
                                        .formatted(
                                                labels.revision(),
                                                inUse(labels),
                                                meta.step() + 1,
                                                Math.max(
                                                        meta.step() + 1,
                                                        publishing.nextStep(
                                                                meta.publishedStep())))));
    }

    private static String inUse(LabelSet labels) {
        return "in use are " + Excerpt.ofAll(labels.active());
    }
}
