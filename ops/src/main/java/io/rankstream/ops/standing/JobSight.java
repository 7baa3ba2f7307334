package io.rankstream.ops.standing;

import io.rankstream.adapters.text.Program;
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
 * the job itself is looked for. One that is not seen from here counts as learning for a while, as
 * it may run on another machine; not so one that has been seen, or has noted where it runs, and is
 * not there. For use by one thread.
 */
public final class JobSight {

    /** Without new records for so long, the job is looked for. */
    static final Duration FRESH = Duration.ofSeconds(5);

    /** Without new records for so long, a job does not learn. */
    static final Duration QUIET = Duration.ofMinutes(1);

    /** How long a look for it counts. */
    static final Duration LOOK_COUNTS = Duration.ofSeconds(10);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private static final Seen LEARNS = new Seen(Doing.LEARNS, "");

    private final String groupId;
    private final Search search;
    private final ZoneId zone;
    private Look found = Look.NOTHING;
    private String trouble = "";

    /** When the job was seen last; null before that. */
    private Instant seen;

    /** When it was looked for last; null before that. */
    private Instant looked;

    /** Looks for the job. */
    @FunctionalInterface
    interface Search {

        Look look() throws RecoveryException, InterruptedException;
    }

    /**
     * What was found of a job.
     *
     * @param page its own page; empty if it is not seen
     * @param silent where it has noted that it runs, if it is not seen there
     */
    record Look(Optional<String> page, Optional<String> silent) {

        static final Look NOTHING = new Look(Optional.empty(), Optional.empty());
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
                        return live == null
                                ? new Look(Optional.empty(), LiveJob.notedAt(job))
                                : new Look(Optional.of(live.page()), Optional.empty());
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
     * @param newest when it last learned, predicted or refused something; empty if never
     */
    public Seen see(Optional<Instant> newest, Instant now) throws InterruptedException {
        if (isWithin(FRESH, newest, now)) {
            return LEARNS;
        }
        if (looked == null || !now.isBefore(looked.plus(LOOK_COUNTS))) {
            look(now);
        }
        boolean mayBeElsewhere = seen == null && found.silent().isEmpty() && trouble.isEmpty();
        boolean isThere = found.page().isPresent();
        if ((isThere || mayBeElsewhere) && isWithin(QUIET, newest, now)) {
            return LEARNS;
        }
        String quiet =
                newest.map(time -> "nothing was learned, predicted or refused since " + clock(time))
                        .orElse("nothing was learned, predicted or refused yet");
        return isThere
                ? new Seen(
                        Doing.WAITS,
                        "The job runs (%s) and waits for records: %s."
                                .formatted(found.page().get(), quiet))
                : new Seen(Doing.UNSEEN, unseen(quiet));
    }

    private static boolean isWithin(Duration limit, Optional<Instant> newest, Instant now) {
        return newest.filter(time -> time.isAfter(now.minus(limit))).isPresent();
    }

    private String unseen(String quiet) {
        if (!trouble.isEmpty()) {
            return "It is not known whether the job with kafka.group-id '%s' runs (%s), and %s."
                    .formatted(groupId, trouble, quiet);
        }
        String last = seen == null ? "" : "; it was seen last at " + clock(seen);
        return found.silent()
                .map(
                        address ->
                                "The job with kafka.group-id '%s' does not answer at %s, where it ran%s, and %s: if its process has ended, '%s' goes on."
                                        .formatted(
                                                groupId,
                                                address,
                                                last,
                                                quiet,
                                                Program.commandOfJob("run --resume")))
                .orElseGet(
                        () ->
                                "No job with kafka.group-id '%s' is seen on this machine, nor in the cluster of flink.rest.address if that is set%s, and %s."
                                        .formatted(groupId, last, quiet));
    }

    private String clock(Instant time) {
        return TIME.withZone(zone).format(time);
    }

    private void look(Instant now) throws InterruptedException {
        looked = now;
        try {
            found = search.look();
            trouble = "";
        } catch (RecoveryException e) {
            found = Look.NOTHING;
            trouble = e.getMessage();
        }
        seen = found.page().isPresent() ? now : seen;
    }
}
