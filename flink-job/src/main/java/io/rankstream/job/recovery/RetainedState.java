package io.rankstream.job.recovery;

import io.rankstream.job.checkpoint.StoredSnapshot;
import io.rankstream.job.files.FileSystems;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * What the starts of a job have left in its folders for checkpoints and savepoints, on any of
 * Flink's file systems.
 *
 * <p>A start's folder names its job by its id; checkpoints of releases that did not choose their
 * ids, and savepoints, say it by the transactional ids of their sinks.
 */
final class RetainedState {

    static final String SAVEPOINT_PREFIX = "savepoint-";

    private static final Pattern START = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d+)");

    /**
     * A folder that looks like a checkpoint or savepoint.
     *
     * @param path where it is
     * @param start folder of the start that it belongs to, where there is one
     * @param ours whether its name says that it is this job's; others are looked into
     * @param completed when its metadata was written; empty while it was not
     */
    private record Candidate(
            Path path, Optional<Path> start, boolean ours, Optional<Instant> completed) {}

    /**
     * A savepoint that was completed, and is not where it was put.
     *
     * @param path where it was
     * @param noted when that was noted, which is after its completion
     */
    record LostSavepoint(Path path, Instant noted) {

        /** Whether a point makes it dispensable: it is later, or the same one in another place. */
        boolean isMadeUpForBy(RecoveryPoint point) {
            return point.completed().isAfter(noted)
                    || point.path().getName().equals(path.getName());
        }
    }

    private final JobIdentity job;
    private final Set<String> prefixes;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Set<Path> starts = new LinkedHashSet<>();
    private final List<String> unusable = new ArrayList<>();
    private Optional<LostSavepoint> lost = Optional.empty();
    private int others;

    private RetainedState(JobIdentity job, TopicNames topics) {
        this.job = job;
        this.prefixes = new HashSet<>();
        Stream.of(Topic.PREDICTIONS, Topic.TRAINING_REPORTS, Topic.DEAD_LETTERS)
                .map(topic -> job.groupId() + "-" + topics.of(topic))
                .forEach(prefixes::add);
    }

    /**
     * Looks through the folders that the configuration names.
     *
     * @param topics the job's topics
     * @param flink names the folders
     */
    static RetainedState find(JobIdentity job, TopicNames topics, ReadableConfig flink)
            throws RecoveryException {
        RetainedState found = new RetainedState(job, topics);
        for (String folder : folders(flink)) {
            try {
                found.look(new Path(folder));
            } catch (IOException | IllegalArgumentException e) {
                throw new RecoveryException(
                        "the checkpoints and savepoints in %s cannot be looked through: %s"
                                .formatted(folder, e.getMessage()),
                        e);
            }
        }
        found.addNoted(flink);
        found.candidates.sort(
                Comparator.comparing(
                                (Candidate each) -> each.completed().orElse(Instant.MIN),
                                Comparator.reverseOrder())
                        .thenComparing(each -> order(each.path()), Comparator.reverseOrder()));
        return found;
    }

    /** A savepoint is noted once it is complete, so one without its metadata was taken away. */
    private void addNoted(ReadableConfig flink) throws RecoveryException {
        JobNote note = JobNote.savepoint(job, flink);
        try {
            Optional<Path> noted = note.read().map(Path::new);
            if (noted.isPresent()) {
                Path path = noted.get();
                add(path, Optional.empty(), true);
                if (!holdsComplete(path.getName())) {
                    lost = Optional.of(new LostSavepoint(path, note.written()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new RecoveryException(
                    "the note of the newest savepoint cannot be read: %s; remove it, and name a savepoint with --from"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private boolean holdsComplete(String name) {
        return candidates.stream()
                .anyMatch(
                        each -> each.completed().isPresent() && each.path().getName().equals(name));
    }

    /** The folders that a configuration names for checkpoints and savepoints. */
    static Set<String> folders(ReadableConfig flink) {
        Set<String> folders = new LinkedHashSet<>();
        flink.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY).ifPresent(folders::add);
        flink.getOptional(CheckpointingOptions.SAVEPOINT_DIRECTORY).ifPresent(folders::add);
        return folders;
    }

    /** The newest complete one of this job; what had to be left out is in {@link #unusable()}. */
    Optional<RecoveryPoint> newest() {
        return newest(candidate -> true, StoredSnapshot::requireWhole);
    }

    /** As {@link #newest()}, of those none of whose files has changed; each is read for that. */
    Optional<RecoveryPoint> newestUnchanged() {
        return newest(candidate -> true, RetainedState::requireUnchanged);
    }

    /** As {@link #newestUnchanged()}, of those that are older than {@code younger}. */
    Optional<RecoveryPoint> newestUnchanged(RecoveryPoint younger) {
        return newest(
                candidate ->
                        !candidate.path().equals(younger.path())
                                && !candidate
                                        .completed()
                                        .orElseThrow()
                                        .isAfter(younger.completed()),
                RetainedState::requireUnchanged);
    }

    private static void requireUnchanged(StoredSnapshot snapshot) throws IOException {
        snapshot.requireWhole();
        snapshot.requireUnchanged();
    }

    /** What a snapshot must be to be gone on from. */
    private interface Requirement {
        void check(StoredSnapshot snapshot) throws IOException;
    }

    private Optional<RecoveryPoint> newest(Predicate<Candidate> asked, Requirement requirement) {
        unusable.clear();
        others = 0;
        for (Candidate candidate : candidates) {
            if (candidate.completed().isPresent() && asked.test(candidate)) {
                Optional<RecoveryPoint> point = usable(candidate, requirement);
                if (point.isPresent()) {
                    return point;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Complete checkpoints and savepoints that are newer than what {@link #newest()} found and
     * cannot be restored, each with the reason.
     */
    List<String> unusable() {
        return List.copyOf(unusable);
    }

    /** The newest savepoint that a command of ours has taken, where it is gone. */
    Optional<LostSavepoint> lost() {
        return lost;
    }

    /** Number of those of other jobs that {@link #newest()} has passed by. */
    int others() {
        return others;
    }

    /**
     * Takes care of the folders of earlier starts. Those with nothing in them are removed.
     *
     * @param used what the job goes on from; empty when it starts anew
     * @return the others that are not needed for that
     */
    List<Path> leftovers(Optional<RecoveryPoint> used) throws IOException {
        Set<Path> needed = new HashSet<>();
        if (used.isPresent()) {
            needed.add(used.get().path());
            needed.addAll(StoredSnapshot.read(used.get().path()).files().keySet());
        }
        List<Path> left = new ArrayList<>();
        for (Path start : starts) {
            FileSystem files = FileSystems.of(start);
            if (!holdsFile(files, start)) {
                files.delete(start, true);
            } else if (needed.stream().noneMatch(file -> isIn(file, start))) {
                left.add(start);
            }
        }
        return left;
    }

    private Optional<RecoveryPoint> usable(Candidate candidate, Requirement requirement) {
        boolean ours = candidate.ours();
        try {
            StoredSnapshot snapshot = StoredSnapshot.read(candidate.path());
            ours = ours || isOurs(snapshot);
            if (!ours) {
                others++;
                return Optional.empty();
            }
            candidate.start().ifPresent(starts::add);
            requirement.check(snapshot);
            return Optional.of(
                    RecoveryPoint.of(
                            candidate.path(), snapshot, candidate.completed().orElseThrow()));
        } catch (IOException e) {
            if (ours) {
                unusable.add("%s cannot be restored: %s".formatted(candidate.path(), reason(e)));
            } else {
                others++;
            }
            return Optional.empty();
        }
    }

    private boolean isOurs(StoredSnapshot snapshot) throws IOException {
        Set<String> found = snapshot.transactionalIdPrefixes();
        return found.stream().anyMatch(prefixes::contains);
    }

    private void look(Path folder) throws IOException {
        for (FileStatus child : FileSystems.children(folder)) {
            String name = child.getPath().getName();
            if (START.matcher(name).matches()) {
                boolean ours = job.isStart(JobID.fromHexString(name));
                if (ours) {
                    starts.add(child.getPath());
                }
                for (FileStatus checkpoint : FileSystems.children(child.getPath())) {
                    if (number(checkpoint.getPath().getName()).isPresent()) {
                        add(checkpoint.getPath(), Optional.of(child.getPath()), ours);
                    }
                }
            } else if (number(name).isPresent()) {
                add(child.getPath(), Optional.empty(), false);
            } else if (name.startsWith(SAVEPOINT_PREFIX)) {
                add(child.getPath(), Optional.empty(), job.mayHaveNamed(name));
            }
        }
    }

    private void add(Path path, Optional<Path> start, boolean ours) {
        if (candidates.stream().noneMatch(each -> each.path().equals(path))) {
            candidates.add(new Candidate(path, start, ours, completed(path)));
        }
    }

    private static Optional<Instant> completed(Path folder) {
        Path metadata = new Path(folder, StoredSnapshot.METADATA);
        try {
            long time = FileSystems.of(metadata).getFileStatus(metadata).getModificationTime();
            return Optional.of(Instant.ofEpochMilli(time));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The checkpoint's number: times of two that follow each other at once may be equal. */
    private static long order(Path path) {
        return number(path.getName()).orElse(Long.MAX_VALUE);
    }

    /** The number in the name of a checkpoint's folder; empty for any other name. */
    private static OptionalLong number(String name) {
        Matcher matcher = CHECKPOINT.matcher(name);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(matcher.group(1)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // Flink counts in longs
        }
    }

    private static boolean holdsFile(FileSystem files, Path folder) throws IOException {
        for (FileStatus child : FileSystems.children(folder)) {
            if (!child.isDir() || holdsFile(files, child.getPath())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(Path file, Path folder) {
        return file.toUri().getPath().startsWith(folder.toUri().getPath() + "/");
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
