package io.rankstream.job.recovery;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.job.checkpoint.DamagedSnapshotException;
import io.rankstream.job.checkpoint.StoredSnapshot;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.files.FileSystems;
import io.rankstream.job.version.PublishedVersions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.fs.Path;

/**
 * What a start goes on from, decided from what the user wants and what is there. State is never
 * ignored: where the user has said nothing, checkpoints, savepoints or published versions of the
 * job refuse the start.
 *
 * @param from checkpoint or savepoint; empty for a start without state
 * @param owned whether Flink may delete it once the job has a newer one
 * @param notes sentences that the user should read
 */
public record StartingState(Optional<RecoveryPoint> from, boolean owned, List<String> notes) {

    private static final String CHOICES =
            "go on from the newest with --resume, from another with --from PATH, or start anew with"
                    + " --fresh";

    /**
     * Decides.
     *
     * @param config the job; what {@code flink.execution.state-recovery.path} says in its file
     *     counts as long as nothing newer is there
     * @param flink all of Flink's options, those of the cluster included
     * @throws RecoveryException if the user has to choose, or the choice cannot be met
     */
    public static StartingState decide(JobConfig config, ReadableConfig flink, StateChoice choice)
            throws RecoveryException {
        JobIdentity job = new JobIdentity(config.kafka().groupId());
        Optional<String> given = flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        if (choice instanceof StateChoice.From from) {
            return at(from.path());
        }
        if (given.isPresent() && !config.flink().contains(StateRecoveryOptions.SAVEPOINT_PATH)) {
            return saidToFlink(given.get(), choice);
        }
        RetainedState retained = RetainedState.find(job, config.topics(), flink);
        Optional<RecoveryPoint> newest =
                isNewest(choice) ? retained.newestUnchanged() : retained.newest();
        if (!(choice instanceof StateChoice.Fresh)) {
            requireNothingLost(
                    retained,
                    newest,
                    choice instanceof StateChoice.Newest ? Optional.empty() : given);
        }
        StartingState decided;
        if (choice instanceof StateChoice.Newest) {
            decided = newest(config, flink, retained, newest);
        } else if (choice instanceof StateChoice.Fresh) {
            decided = new StartingState(Optional.empty(), false, List.of());
        } else if (choice instanceof StateChoice.NewestIfAny && newest.isPresent()) {
            decided = newestOf(given, newest.get());
        } else if (given.isPresent()) {
            decided = at(given.get());
            requireNothingNewer(decided.from().orElseThrow(), newest);
        } else {
            requireNothingThere(config, retained, newest);
            decided = new StartingState(Optional.empty(), false, List.of());
        }
        return decided.withNotes(retained, choice);
    }

    private static boolean isNewest(StateChoice choice) {
        return choice instanceof StateChoice.Newest || choice instanceof StateChoice.NewestIfAny;
    }

    private static StartingState saidToFlink(String path, StateChoice choice)
            throws RecoveryException {
        if (choice instanceof StateChoice.Unsaid) {
            return at(path);
        }
        throw new RecoveryException(
                "Flink was told to go on from %s, and the job with another option what to go on from: leave one of them out"
                        .formatted(path));
    }

    /**
     * Lets what Flink itself was told to go on from, by {@code flink run -s} or by its operator for
     * Kubernetes, count over what the file says: the file's options come to Flink after those of
     * the cluster, and would have the job go back to what it was upgraded from.
     *
     * @param file the file's options; its path, and what becomes of the files there, are removed
     *     where the cluster has a path
     * @param cluster options of the cluster, without the file's
     * @return a sentence for the user where the file named something else
     */
    public static Optional<String> yieldToFlink(Configuration file, ReadableConfig cluster) {
        Optional<String> told = cluster.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        if (told.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> named = file.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
        while (file.removeConfig(StateRecoveryOptions.SAVEPOINT_PATH)) {
            // by its older names, too
        }
        file.removeConfig(StateRecoveryOptions.RESTORE_MODE);
        return named.filter(path -> !path.equals(told.get()))
                .map(
                        path ->
                                "Flink was told to go on from %s; that counts, and flink.execution.state-recovery.path: %s does not."
                                        .formatted(told.get(), path));
    }

    /** Has Flink go on from it, whatever its options said before. */
    public void applyTo(Configuration flink) {
        flink.removeConfig(StateRecoveryOptions.SAVEPOINT_PATH);
        from.ifPresent(
                point -> flink.set(StateRecoveryOptions.SAVEPOINT_PATH, point.path().toString()));
        if (owned && !flink.contains(StateRecoveryOptions.RESTORE_MODE)) {
            flink.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        }
    }

    /** What the job does, as a sentence for the console. */
    public String sentence() {
        return from.map(point -> "Going on from " + point + ".")
                .orElse("Starting without state of an earlier start.");
    }

    private static StartingState at(String given) throws RecoveryException {
        try {
            Path path = new Path(given);
            Path folder = path.getName().equals(StoredSnapshot.METADATA) ? path.getParent() : path;
            Path metadata = new Path(folder, StoredSnapshot.METADATA);
            if (!FileSystems.of(folder).exists(metadata)) {
                throw new IOException(
                        "there is no "
                                + StoredSnapshot.METADATA
                                + " in it, as in the folder of every complete checkpoint (chk-…) or"
                                + " savepoint");
            }
            StoredSnapshot snapshot = StoredSnapshot.read(folder);
            snapshot.requireWhole();
            long completed = FileSystems.of(folder).getFileStatus(metadata).getModificationTime();
            RecoveryPoint point =
                    RecoveryPoint.of(folder, snapshot, Instant.ofEpochMilli(completed));
            snapshot.requireUnchanged();
            return new StartingState(Optional.of(point), false, unchecked(point));
        } catch (DamagedSnapshotException e) {
            throw RecoveryException.ofDamage(
                    "the job cannot go on from '%s': %s; name an older checkpoint or savepoint with --from PATH, or start anew with --fresh"
                            .formatted(given, e.getMessage()));
        } catch (IOException | IllegalArgumentException e) {
            throw new RecoveryException(
                    "the job cannot go on from '%s': %s".formatted(given, e.getMessage()), e);
        }
    }

    private static StartingState newest(
            JobConfig config,
            ReadableConfig flink,
            RetainedState retained,
            Optional<RecoveryPoint> newest)
            throws RecoveryException {
        if (newest.isEmpty()) {
            String nothing =
                    "there is nothing to go on from: %s has no complete checkpoint or savepoint of the job with kafka.group-id '%s'%s; name one with --from PATH, or start anew with --fresh"
                            .formatted(
                                    String.join(" and ", RetainedState.folders(flink)),
                                    config.kafka().groupId(),
                                    left(retained));
            throw retained.unusable().isEmpty()
                    ? new RecoveryException(nothing)
                    : RecoveryException.ofDamage(nothing);
        }
        return of(newest.get());
    }

    /** The later one of what the file names and what earlier starts have left. */
    private static StartingState newestOf(Optional<String> given, RecoveryPoint newest)
            throws RecoveryException {
        if (given.isPresent()) {
            StartingState named = at(given.get());
            if (named.from().orElseThrow().completed().isAfter(newest.completed())) {
                return named;
            }
        }
        return of(newest);
    }

    /** One line where bytes that have changed would not be seen. */
    private static List<String> unchecked(RecoveryPoint point) {
        return point.isDigested()
                ? List.of()
                : List.of(
                        "It was not checked whether bytes of %s have changed: an earlier release has written it, or Flink's own storage, without digests."
                                .formatted(point));
    }

    /** A savepoint stays the user's; a checkpoint is Flink's, as it was in the earlier start. */
    private static StartingState of(RecoveryPoint newest) {
        return new StartingState(Optional.of(newest), !newest.savepoint(), List.of());
    }

    private static String left(RetainedState retained) {
        List<String> left = new ArrayList<>(retained.unusable());
        if (retained.others() > 0) {
            left.add("%d of other jobs are there".formatted(retained.others()));
        }
        return left.isEmpty() ? "" : " (" + String.join("; ", left) + ")";
    }

    /** A start from before a savepoint would learn once more what the savepoint has in it. */
    private static void requireNothingLost(
            RetainedState retained, Optional<RecoveryPoint> newest, Optional<String> given)
            throws RecoveryException {
        Optional<RetainedState.LostSavepoint> lost = retained.lost();
        if (lost.isEmpty() || newest.filter(lost.get()::isMadeUpForBy).isPresent()) {
            return;
        }
        if (given.isPresent()
                && at(given.get()).from().filter(lost.get()::isMadeUpForBy).isPresent()) {
            return;
        }
        String path = lost.get().path().toString();
        throw new RecoveryException(
                newest.map(
                                older ->
                                        "the newest savepoint of the job cannot be found in %s, and %s is older: bring the savepoint back, go on from it in another place or from what is older with --from PATH, or start anew with --fresh"
                                                .formatted(path, older))
                        .orElseGet(
                                () ->
                                        "the newest savepoint of the job cannot be found in %s: bring it back, go on from it in another place with --from PATH, or start anew with --fresh"
                                                .formatted(path)));
    }

    private static void requireNothingNewer(RecoveryPoint given, Optional<RecoveryPoint> newest)
            throws RecoveryException {
        if (newest.isPresent()
                && !newest.get().path().equals(given.path())
                && newest.get().completed().isAfter(given.completed())) {
            throw new RecoveryException(
                    "flink.execution.state-recovery.path names %s, but the job has %s, which is newer: %s"
                            .formatted(given, newest.get(), CHOICES));
        }
    }

    private static void requireNothingThere(
            JobConfig config, RetainedState retained, Optional<RecoveryPoint> newest)
            throws RecoveryException {
        String job = "the job with kafka.group-id '%s'".formatted(config.kafka().groupId());
        if (newest.isPresent()) {
            throw new RecoveryException("%s has %s: %s".formatted(job, newest.get(), CHOICES));
        }
        if (!retained.unusable().isEmpty()) {
            throw RecoveryException.ofDamage(
                    "%s has state that cannot be used (%s): go on from another checkpoint or savepoint with --from PATH, or start anew with --fresh"
                            .formatted(job, String.join("; ", retained.unusable())));
        }
        Optional<String> published = published(config);
        if (published.isPresent()) {
            throw new RecoveryException(
                    "adapter '%s' has versions in %s, but there is no checkpoint or savepoint of %s: name one with --from PATH, start anew with --fresh (versions then count on from those), or give publish.directory a folder of its own"
                            .formatted(published.get(), config.publish().directory(), job));
        }
    }

    private static Optional<String> published(JobConfig config) throws RecoveryException {
        if (!config.loop().mode().learns()) {
            return Optional.empty();
        }
        try {
            return new PublishedVersions(config.publish().directory())
                    .anyAdapter(
                            id -> AdapterId.isValid(id) && config.adapters().of(id).isPresent());
        } catch (IOException | IllegalArgumentException e) {
            throw new RecoveryException(
                    "the versions in publish.directory %s cannot be looked through: %s"
                            .formatted(config.publish().directory(), e.getMessage()),
                    e);
        }
    }

    private StartingState withNotes(RetainedState retained, StateChoice choice)
            throws RecoveryException {
        List<String> told = new ArrayList<>();
        if (isNewest(choice)) {
            told.addAll(retained.unusable());
        }
        try {
            List<String> left = retained.leftovers(from).stream().map(Path::toString).toList();
            if (!left.isEmpty()) {
                told.add(
                        "Earlier starts have left checkpoints that this one does not need: delete %s when nobody goes back to them."
                                .formatted(String.join(", ", left)));
            }
        } catch (IOException e) {
            throw new RecoveryException(
                    "the folders of earlier starts cannot be looked through: " + e.getMessage(), e);
        }
        from.ifPresent(point -> told.addAll(unchecked(point)));
        return new StartingState(from, owned, told);
    }
}
