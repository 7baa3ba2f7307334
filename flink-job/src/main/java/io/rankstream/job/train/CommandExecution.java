package io.rankstream.job.train;

import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.job.batch.CommandLabels;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.config.PublishSettings;
import io.rankstream.job.publish.VersionFolder;
import io.rankstream.job.source.Excerpt;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlCommand;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the commands that concern an adapter itself. One that is refused changes nothing. No
 * command touches another adapter.
 */
final class CommandExecution {

    private static final Logger LOG = LoggerFactory.getLogger(CommandExecution.class);

    private final Adapters adapters;
    private final PublishSettings publishing;
    private final BiConsumer<ResidentAdapter, TrainingTemplate> release;

    /** Why a command cannot be carried out. */
    private static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * @param publishing where versions lie, and when they are due
     * @param release publishes an adapter as it is, as its next version
     */
    CommandExecution(
            Adapters adapters,
            PublishSettings publishing,
            BiConsumer<ResidentAdapter, TrainingTemplate> release) {
        this.adapters = adapters;
        this.publishing = publishing;
        this.release = release;
    }

    /** The command with what became of it. Its adapter is the current key. */
    JudgedCommand carryOut(JudgedCommand accepted, TrainingTemplate template) throws Exception {
        ControlCommand command = accepted.command();
        try {
            return accepted.with(CommandOutcome.DONE, carryOut(command, template));
        } catch (RefusedException e) {
            return accepted.with(CommandOutcome.REFUSED, e.getMessage());
        } catch (AdapterMismatchException e) {
            return accepted.with(
                    CommandOutcome.REFUSED, adapters.mismatch(command.getAdapterId(), e));
        }
    }

    private String carryOut(ControlCommand command, TrainingTemplate template) throws Exception {
        String adapterId = command.getAdapterId();
        Optional<AdapterMeta> meta = adapters.meta(adapterId);
        if (meta.isEmpty()) {
            throw new RefusedException("the adapter has not learned from any example yet");
        }
        return switch (command.getAction()) {
            case PUBLISH -> publish(meta.get(), template);
            case ROLL_BACK -> rollBack(meta.get(), command.getVersion(), template);
            case RESET -> reset(meta.get(), template);
            case SET_BUDGET -> setBudget(adapterId, command.getBudget(), template);
            case ADD_LABEL -> addLabels(adapterId, command.getLabels(), template);
            case RETIRE_LABEL -> retireLabels(adapterId, command.getLabels(), template);
            case PAUSE, RESUME, UNKNOWN ->
                    throw new IllegalArgumentException(
                            "the trainer was given " + command.getAction());
        };
    }

    private String publish(AdapterMeta meta, TrainingTemplate template) throws Exception {
        ResidentAdapter adapter = adapters.ready(meta.adapterId(), template);
        LabelSet labels = adapter.labels();
        if (meta.version() > 0
                && meta.publishedStep() == meta.step()
                && labels.published() == labels.revision()) {
            return "no step was taken since version %d, which stays the newest"
                    .formatted(meta.version());
        }
        release.accept(adapter, template);
        return "published step %d as version %d".formatted(meta.step(), adapter.meta().version());
    }

    /** Versions only rise: what the adapter returns to is its newest version from now on. */
    private String rollBack(AdapterMeta meta, Long version, TrainingTemplate template)
            throws Exception {
        if (version == null || version < 1 || version > meta.version()) {
            throw new RefusedException(
                    "version is %s, expected one of the adapter's versions, 1 to %d"
                            .formatted(version, meta.version()));
        }
        Admitted published = admitted(meta, template, () -> published(meta.adapterId(), version));
        adapters.replace(published.adapter(), published.state());
        release.accept(published.adapter(), template);
        return "rolled back from step %d to version %d of step %d, published as version %d"
                .formatted(
                        meta.step(),
                        version,
                        published.state().meta().step(),
                        published.adapter().meta().version());
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

    /** Where another state of an adapter comes from. */
    @FunctionalInterface
    private interface Origin {
        AdapterState read() throws IOException;
    }

    /** A state, also on the device. */
    private record Admitted(ResidentAdapter adapter, AdapterState state) {}

    /**
     * Another state of the adapter, ready to train. Nothing has changed when this fails: whatever
     * is wrong with what was read is an answer, and no reason to fail the job again and again.
     */
    private Admitted admitted(AdapterMeta meta, TrainingTemplate template, Origin origin)
            throws RefusedException {
        try {
            AdapterState state =
                    origin.read()
                            .keepingLabelsOf(adapters.labels(meta.adapterId(), template))
                            .withVersionAfter(meta.version());
            return new Admitted(adapters.admissible(state, template), state);
        } catch (IOException | AdapterMismatchException e) {
            throw new RefusedException(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A state of adapter '{}' cannot be taken over", meta.adapterId(), e);
            throw new RefusedException(
                    "what was read cannot be taken over (%s); nothing was changed".formatted(e));
        }
    }

    private String reset(AdapterMeta meta, TrainingTemplate template) throws Exception {
        Admitted fresh = admitted(meta, template, () -> adapters.fresh(meta.adapterId(), template));
        adapters.replace(fresh.adapter(), fresh.state());
        return "reset from step %d to step %d; version %d stays the newest until the next one"
                .formatted(meta.step(), fresh.state().meta().step(), meta.version());
    }

    private String setBudget(String adapterId, Integer budget, TrainingTemplate template)
            throws Exception {
        if (!template.schedule().takesTarget()) {
            throw new RefusedException(
                    "the adapter's schedule is not the streaming one, the only one whose budget can be set");
        }
        ResidentAdapter adapter = adapters.ready(adapterId, template);
        int triplets = adapter.budget().live().length;
        if (budget == null || budget < 1 || budget > triplets) {
            throw new RefusedException(
                    "budget is %s, expected 1 to %d triplets over all modules"
                            .formatted(budget, triplets));
        }
        adapter.setBudgetTarget(budget);
        adapters.markDirty(adapterId);
        return "the budget after warm-up and ramp is %d triplets, from the next mask on"
                .formatted(budget);
    }

    private String addLabels(String adapterId, List<String> added, TrainingTemplate template)
            throws Exception {
        ResidentAdapter adapter = adapters.ready(adapterId, template);
        LabelSet labels = adapter.labels();
        for (String label : added) {
            if (labels.isActive(label)) {
                throw new RefusedException(
                        "label %s is in use already, expected new or retired ones; %s"
                                .formatted(Excerpt.of(label), inUse(labels)));
            }
        }
        LabelSet next = labels.with(added, adapter.meta().step());
        if (next.rows().size() > CommandLabels.MOST_OF_AN_ADAPTER) {
            throw new RefusedException(
                    "the adapter would have %d labels, retired ones included, expected %d at most"
                            .formatted(next.rows().size(), CommandLabels.MOST_OF_AN_ADAPTER));
        }
        return relabel(adapter, next, template);
    }

    private String retireLabels(String adapterId, List<String> retired, TrainingTemplate template)
            throws Exception {
        ResidentAdapter adapter = adapters.ready(adapterId, template);
        LabelSet labels = adapter.labels();
        for (String label : retired) {
            if (!labels.isActive(label)) {
                throw new RefusedException(
                        "label %s is %s, expected ones in use; %s"
                                .formatted(
                                        Excerpt.of(label),
                                        labels.indexOf(label) < 0 ? "unknown" : "retired already",
                                        inUse(labels)));
            }
        }
        LabelSet next = labels.without(retired);
        if (next.active().size() < LabelSet.FEWEST) {
            throw new RefusedException(
                    "%d of the adapter's %d labels would be left, expected %d or more"
                            .formatted(
                                    next.active().size(), labels.active().size(), LabelSet.FEWEST));
        }
        return relabel(adapter, next, template);
    }

    private String relabel(ResidentAdapter adapter, LabelSet labels, TrainingTemplate template)
            throws Exception {
        AdapterState state = adapter.capture().withLabels(labels);
        adapters.replace(adapters.admissible(state, template), state);
        AdapterMeta meta = adapter.meta();
        return "label revision %d; %s; so from step %d on, and in the next version, at step %d or sooner by 'publish'"
                .formatted(
                        labels.revision(),
                        inUse(labels),
                        meta.step() + 1,
                        Math.max(meta.step() + 1, publishing.nextStep(meta.publishedStep())));
    }

    private static String inUse(LabelSet labels) {
        return "in use are " + Excerpt.ofAll(labels.active());
    }
}
