package io.rankstream.ops.standing;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.recovery.LiveJob;
import io.rankstream.job.recovery.RecoveryException;
import io.rankstream.job.registry.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges what a job of another process does: it learns while its outputs grow. Where they do not,
 * the job itself is looked for. For use by one thread.
 */
public final class JobSight {

    /** Without new records for so long, the job is looked for. */
    static final Duration QUIET = Duration.ofMinutes(1);

    /** How long a look for it counts. */
    static final Duration LOOK_COUNTS = Duration.ofSeconds(15);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final String groupId;
    private final Search search;
    private final ZoneId zone;
    private Optional<String> page = Optional.empty();
    private String trouble = "";

    /** When it was looked for last; null before that. */
    private Instant looked;

    /** Looks for the job. */
    @FunctionalInterface
    interface Search {

        /** The job's own page; empty if no job is seen. */
        Optional<String> page() throws RecoveryException, InterruptedException;
    }

    /**
     * What a job does.
     *
     * @param sentence why that is thought; blank where the records tell
     */
    public record Seen(Doing doing, String sentence) {}

    /** What a job does, as far as can be seen from here. */
    public enum Doing {
        /** It learns. */
        LEARNS,
        /** It runs, and nothing comes that it could learn. */
        WAITS,
        /** None is seen that runs. */
        UNSEEN
    }

    JobSight(String groupId, Search search, ZoneId zone) {
        this.groupId = groupId;
        this.search = search;
        this.zone = zone;
    }

    /** Looks on this machine, and in the cluster that the configuration names. */
    public static JobSight of(JobConfig job) {
        return new JobSight(
                job.kafka().groupId(),
                () -> {
                    try (LiveJob live = LiveJob.find(job, job.flink()).orElse(null)) {
                        return Optional.ofNullable(live).map(LiveJob::page);
                    }
                },
                ZoneId.systemDefault());
    }

    /**
     * Looks once, at the job and at what it has written last.
     *
     * @throws OutputsException if the broker cannot be used, or lacks one of the topics
     * @throws RegistryException if the registry does not tell a schema
     */
    public static Seen lookFor(JobConfig job, Instant now)
            throws OutputsException, RegistryException, InterruptedException {
        JobSight sight = of(job);
        Seen unread = sight.see(Optional.empty(), now);
        if (unread.doing() == Doing.WAITS) {
            return unread;
        }
        Standings standings = new Standings();
        try (JobOutputs outputs = JobOutputs.live(job)) {
            outputs.readInto(standings);
        }
        return sight.see(standings.newest(), now);
    }

    /**
     * Judges.
     *
     * @param newest when it last learned or refused something; empty if never
     */
    public Seen see(Optional<Instant> newest, Instant now) throws InterruptedException {
        if (newest.isPresent() && newest.get().isAfter(now.minus(QUIET))) {
            return new Seen(Doing.LEARNS, "");
        }
        if (looked == null || !now.isBefore(looked.plus(LOOK_COUNTS))) {
            look();
            looked = now;
        }
        String quiet =
                newest.map(
                                time ->
                                        "nothing was learned or refused since "
                                                + TIME.withZone(zone).format(time))
                        .orElse("nothing was learned or refused yet");
        return page.map(
                        it ->
                                new Seen(
                                        Doing.WAITS,
                                        "The job runs (%s) and waits for records: %s."
                                                .formatted(it, quiet)))
                .orElseGet(() -> new Seen(Doing.UNSEEN, idle(quiet)));
    }

    private String idle(String quiet) {
        return trouble.isEmpty()
                ? "No job with kafka.group-id '%s' is seen on this machine, nor in the cluster of flink.rest.address if that is set, and %s."
                        .formatted(groupId, quiet)
                : "It is not known whether the job with kafka.group-id '%s' runs (%s), and %s."
                        .formatted(groupId, trouble, quiet);
    }

    private void look() throws InterruptedException {
        try {
            page = search.page();
            trouble = "";
        } catch (RecoveryException e) {
            page = Optional.empty();
            trouble = e.getMessage();
        }
    }
}
