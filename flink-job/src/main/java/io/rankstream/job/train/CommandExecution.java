package io.rankstream.job.train;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.AdapterMismatchException;
import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.publish.VersionFolder;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlCommand;
import java.io.IOException;
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
    private final String publishDirectory;
    private final BiConsumer<ResidentAdapter, AdapterTemplate> release;

    /** Why a command cannot be carried out. */
    private static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * @param publishDirectory where versions lie
     * @param release publishes an adapter as it is, as its next version
     */
    CommandExecution(
            Adapters adapters,
            String publishDirectory,
            BiConsumer<ResidentAdapter, AdapterTemplate> release) {
        this.adapters = adapters;
        this.publishDirectory = publishDirectory;
        this.release = release;
    }

    /** The command with what became of it. Its adapter is the current key. */
    JudgedCommand carryOut(JudgedCommand accepted, AdapterTemplate template) throws Exception {
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

    private String carryOut(ControlCommand command, AdapterTemplate template) throws Exception {
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
            case PAUSE, RESUME, UNKNOWN ->
                    throw new IllegalArgumentException(
                            "the trainer was given " + command.getAction());
        };
    }

    private String publish(AdapterMeta meta, AdapterTemplate template) throws Exception {
        if (meta.version() > 0 && meta.publishedStep() == meta.step()) {
            return "no step was taken since version %d, which stays the newest"
                    .formatted(meta.version());
        }
        ResidentAdapter adapter = adapters.ready(meta.adapterId(), template);
        release.accept(adapter, template);
        return "published step %d as version %d".formatted(meta.step(), adapter.meta().version());
    }

    /** Versions only rise: what the adapter returns to is its newest version from now on. */
    private String rollBack(AdapterMeta meta, Long version, AdapterTemplate template)
            throws Exception {
        if (version == null || version < 1 || version > meta.version()) {
            throw new RefusedException(
                    "version is %s, expected one of the adapter's versions, 1 to %d"
                            .formatted(version, meta.version()));
        }
        ResidentAdapter published =
                admitted(meta, template, () -> published(meta.adapterId(), version));
        adapters.replace(published);
        release.accept(published, template);
        return "rolled back from step %d to version %d of step %d, published as version %d"
                .formatted(
                        meta.step(), version, published.meta().step(), published.meta().version());
    }

    private AdapterState published(String adapterId, long version) throws IOException {
        VersionFolder folder = VersionFolder.of(publishDirectory, adapterId, version);
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

    /**
     * Another state of the adapter, ready to train. Nothing has changed when this fails: whatever
     * is wrong with what was read is an answer, and no reason to fail the job again and again.
     */
    private ResidentAdapter admitted(AdapterMeta meta, AdapterTemplate template, Origin origin)
            throws RefusedException {
        try {
            AdapterState read = origin.read();
            return adapters.admissible(read.withVersionAfter(meta.version()), template);
        } catch (IOException | AdapterMismatchException e) {
            throw new RefusedException(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A state of adapter '{}' cannot be taken over", meta.adapterId(), e);
            throw new RefusedException(
                    "what was read cannot be taken over (%s); nothing was changed".formatted(e));
        }
    }

    private String reset(AdapterMeta meta, AdapterTemplate template) throws Exception {
        ResidentAdapter fresh =
                admitted(meta, template, () -> adapters.fresh(meta.adapterId(), template));
        adapters.replace(fresh);
        return "reset from step %d to step %d; version %d stays the newest until the next one"
                .formatted(meta.step(), fresh.meta().step(), meta.version());
    }

    private String setBudget(String adapterId, Integer budget, AdapterTemplate template)
            throws Exception {
        if (!(template.schedule() instanceof StreamingBudgetSchedule)) {
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
}
