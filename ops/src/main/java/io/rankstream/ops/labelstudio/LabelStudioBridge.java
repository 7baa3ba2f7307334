package io.rankstream.ops.labelstudio;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.ops.labeling.queue.RequestKey;
import io.rankstream.ops.labelstudio.api.ApiProject;
import io.rankstream.ops.labelstudio.api.LabelStudioApi;
import io.rankstream.ops.labelstudio.api.LabelStudioException;
import io.rankstream.ops.labelstudio.api.LabelStudioException.Kind;
import io.rankstream.ops.vote.VoteWriter;
import io.rankstream.ops.vote.Votes;
import io.rankstream.ops.vote.VotesException;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.RequestAction;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes requests of a job to projects of Label Studio and writes what people answer there as
 * votes. Both sides may go away and come back at any time; what was done twice is done once. For
 * use by one thread.
 */
public final class LabelStudioBridge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LabelStudioBridge.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final int MOST_DOUBLINGS = 4;

    /** Deleted tasks are seen by looking at everything alone. */
    private static final int LOOKS_A_RECONCILIATION = 60;

    private static final Duration STORING_LIMIT = Duration.ofSeconds(20);

    private static final Duration NEWS_EVERY = Duration.ofMinutes(1);

    /** Requests that are held until it is known which of them were taken back since. */
    private static final int MOST_PENDING = 20_000;

    private static final int MOST_SETTLED = 100_000;

    private final BridgeSettings settings;
    private final LabelStudioApi api;
    private final LabelRequests requests;
    private final Votes votes;
    private final VoteLog log;
    private final Bell bell;
    private final Surroundings surroundings;
    private final BridgeTally tally = new BridgeTally();
    private final Map<String, AdapterProject> projects = new TreeMap<>();

    /**
     * The newest of each request since the last commit, in the order in which they came; empty for
     * what nobody is to answer any more.
     */
    private final Map<RequestKey, Optional<LabelRequest>> pending = new LinkedHashMap<>();

    /**
     * What was settled last, and when by the stream time of its adapter: outcomes may be read
     * before the requests that they settle.
     */
    private final Map<RequestKey, Instant> settled = new LinkedHashMap<>();

    /** By what was not done for one adapter alone: why, as long as that does not change. */
    private final Map<String, String> troubles = new TreeMap<>();

    private final Map<String, Instant> streamTimes = new HashMap<>();

    private boolean isConnected;
    private boolean isUncommitted;
    private boolean isBellRefused;
    private int looks;
    private long lookedAt;
    private long toldAt;
    private String told = "";
    private int failures;
    private String lastFailure = "";

    /** What a bridge hears of changes by. */
    interface Bell extends AutoCloseable {

        /** None: changes are looked for now and then. */
        Bell NONE =
                new Bell() {
                    @Override
                    public Set<Long> rung() {
                        return Set.of();
                    }

                    @Override
                    public Optional<String> url(long project) {
                        return Optional.empty();
                    }

                    @Override
                    public void close() {}
                };

        /** Projects in which something has changed since the last call. */
        Set<Long> rung();

        /** Where Label Studio rings for a project; empty where it does not. */
        Optional<String> url(long project);

        @Override
        void close();
    }

    /**
     * Clocks and who is told.
     *
     * @param clock time of day
     * @param nanos a clock that never goes back
     * @param pause waits
     * @param say told what happens
     * @param warn told what somebody should know of
     */
    record Surroundings(
            InstantSource clock,
            LongSupplier nanos,
            Pause pause,
            Consumer<String> say,
            Consumer<String> warn) {}

    /** What is done for one adapter. */
    private interface Work {
        void run() throws LabelStudioException, BridgeException, InterruptedException;
    }

    /** Waits. */
    interface Pause {
        void last(Duration time) throws InterruptedException;
    }

    LabelStudioBridge(
            BridgeSettings settings,
            LabelStudioApi api,
            LabelRequests requests,
            Votes votes,
            VoteLog log,
            Bell bell,
            Surroundings surroundings) {
        this.settings = settings;
        this.api = api;
        this.requests = requests;
        this.votes = votes;
        this.log = log;
        this.bell = bell;
        this.surroundings = surroundings;
        this.toldAt = surroundings.nanos().getAsLong();
    }

    /**
     * Opens the topics of a job and asks nothing of Label Studio yet.
     *
     * @param say told what happens
     * @param warn told what somebody should know of
     * @throws BridgeException if the broker or the port of the webhooks cannot be used
     * @throws RegistryException if the registry cannot be used
     */
    public static LabelStudioBridge open(
            JobConfig job, BridgeSettings settings, Consumer<String> say, Consumer<String> warn)
            throws BridgeException, RegistryException {
        VoteLog log = WrittenVotes.readBack(job);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            VoteWriter votes = writer(job);
            opened.add(votes);
            KafkaRequests requests =
                    KafkaRequests.open(
                            job, settings.group(job.kafka().groupId()), settings.fromStart());
            opened.add(requests);
            return new LabelStudioBridge(
                    settings,
                    new LabelStudioApi(settings.url(), settings.token()),
                    requests,
                    votes,
                    log,
                    bell(settings),
                    new Surroundings(
                            InstantSource.system(),
                            System::nanoTime,
                            time -> Thread.sleep(time.toMillis()),
                            say,
                            warn));
        } catch (BridgeException | RegistryException | RuntimeException e) {
            opened.forEach(LabelStudioBridge::closeQuietly);
            throw e;
        }
    }

    private static VoteWriter writer(JobConfig job) throws BridgeException, RegistryException {
        try {
            return VoteWriter.open(job, STORING_LIMIT);
        } catch (VotesException e) {
            throw BridgeException.lasting(e.getMessage(), e);
        }
    }

    private static void closeQuietly(AutoCloseable opened) {
        try {
            opened.close();
        } catch (Exception e) {
            LOG.debug("What was opened cannot be closed", e);
        }
    }

    private static Bell bell(BridgeSettings settings) throws BridgeException {
        if (settings.webhookPort().isEmpty()) {
            return Bell.NONE;
        }
        Doorbell doorbell = Doorbell.open(settings.webhookPort().getAsInt());
        URI base = settings.webhookUrl().orElse(doorbell.address());
        return new Bell() {
            @Override
            public Set<Long> rung() {
                return doorbell.rung();
            }

            @Override
            public Optional<String> url(long project) {
                return Optional.of(base + doorbell.path(project));
            }

            @Override
            public void close() {
                doorbell.close();
            }
        };
    }

    /**
     * Works until the thread is interrupted, or, where that is wanted, until all is done that is
     * there.
     *
     * @throws BridgeException if no waiting can mend what is wrong
     */
    public void run() throws BridgeException, InterruptedException {
        try {
            boolean isDone;
            do {
                isDone = turn();
            } while (!(settings.once() && isDone));
        } finally {
            if (isConnected) {
                surroundings.say().accept(summary());
            }
        }
        if (!troubles.isEmpty()) {
            throw BridgeException.lasting(String.join("; ", troubles.values()), null);
        }
    }

    /**
     * Reads requests for a moment, and does what is due.
     *
     * @return whether nothing is left to do for now
     */
    boolean turn() throws BridgeException, InterruptedException {
        try {
            work();
            if (failures > 0) {
                surroundings.say().accept("Works again.");
                failures = 0;
                lastFailure = "";
            }
            tellNews();
            return isConnected && pending.isEmpty() && requests.isAtEnd();
        } catch (LabelStudioException e) {
            if (e.kind() != Kind.TRANSIENT) {
                throw BridgeException.lasting(e.getMessage(), e);
            }
            wait(e);
        } catch (BridgeException e) {
            if (!e.isPassing()) {
                throw e;
            }
            wait(e);
        }
        return false;
    }

    private void wait(Exception e) throws BridgeException, InterruptedException {
        LOG.warn("The bridge waits: {}", e.getMessage(), e);
        projects.values().forEach(AdapterProject::isStale);
        if (settings.once()) {
            throw BridgeException.lasting(e.getMessage(), e);
        }
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        lookedAt = surroundings.nanos().getAsLong() - settings.lookEvery().toNanos();
        if (!e.getMessage().equals(lastFailure)) {
            lastFailure = e.getMessage();
            surroundings
                    .warn()
                    .accept(e.getMessage() + "; tried again until it works, nothing is lost");
        }
        failures++;
        surroundings.pause().last(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }

    private void work() throws LabelStudioException, BridgeException, InterruptedException {
        if (!isConnected) {
            connect();
        }
        if (pending.size() < MOST_PENDING) {
            LabelRequests.Polled polled = requests.poll();
            polled.requests().forEach(this::take);
            polled.outcomes().forEach(this::take);
        }
        if (requests.hasChangedHands()) {
            projects.values().forEach(AdapterProject::isStale);
        }
        if (requests.isAtEnd() || pending.size() >= MOST_PENDING) {
            carryOut();
        }
        look();
    }

    private void connect() throws LabelStudioException, BridgeException, InterruptedException {
        String version = api.version();
        if (settings.projectId().isPresent()) {
            open(settings.adapters().get(0), api.project(settings.projectId().getAsLong()));
        } else {
            for (ApiProject project : api.projects()) {
                Optional<String> adapter = settings.adapterOf(project.description());
                if (adapter.filter(settings::isFor).isPresent()) {
                    attempt(
                            "project %d is not used".formatted(project.id()),
                            () -> open(adapter.get(), project));
                }
            }
        }
        isConnected = true;
        lookedAt = surroundings.nanos().getAsLong() - settings.lookEvery().toNanos();
        surroundings
                .say()
                .accept("Connected to Label Studio %s at %s.".formatted(version, settings.url()));
    }

    private AdapterProject open(String adapterId, ApiProject project)
            throws LabelStudioException, BridgeException, InterruptedException {
        AdapterProject known = projects.get(adapterId);
        if (known != null) {
            return known;
        }
        AdapterProject opened =
                new AdapterProject(
                        api,
                        adapterId,
                        project,
                        log,
                        votes,
                        tally,
                        surroundings.clock(),
                        surroundings.warn());
        hangBell(opened);
        projects.put(adapterId, opened);
        surroundings
                .say()
                .accept(
                        "Adapter %s: project %d '%s', %s/projects/%d"
                                .formatted(
                                        adapterId,
                                        project.id(),
                                        project.title(),
                                        settings.url(),
                                        project.id()));
        return opened;
    }

    /** Without a bell, what changes is seen at the next look. */
    private void hangBell(AdapterProject project)
            throws LabelStudioException, BridgeException, InterruptedException {
        Optional<String> url = bell.url(project.id());
        if (url.isEmpty() || isBellRefused) {
            return;
        }
        try {
            project.hangBell(url.get());
        } catch (LabelStudioException e) {
            if (e.kind() == Kind.TRANSIENT) {
                throw e;
            }
            isBellRefused = true;
            surroundings
                    .warn()
                    .accept(
                            "there is no webhook, and it is looked for answers every %d s instead: %s; Label Studio takes local addresses with SSRF_PROTECTION_ENABLED=false, and --no-webhook asks for none"
                                    .formatted(settings.lookEvery().toSeconds(), e.getMessage()));
        }
    }

    private void take(LabelRequest request) {
        if (!settings.isFor(request.getAdapterId())) {
            return;
        }
        isUncommitted = true;
        RequestKey key = new RequestKey(request.getAdapterId(), request.getRequestId());
        if (request.getAction() == RequestAction.CANCEL) {
            put(key, Optional.empty());
        } else if (request.getAction() == RequestAction.OPEN) {
            if (request.getRequestedAt().isAfter(settled.getOrDefault(key, Instant.MIN))) {
                put(key, Optional.of(request));
            }
            streamTimes.merge(
                    request.getAdapterId(),
                    request.getRequestedAt(),
                    (older, newer) -> newer.isAfter(older) ? newer : older);
        }
    }

    private void take(LabelOutcome outcome) {
        if (settings.isFor(outcome.getAdapterId())) {
            isUncommitted = true;
            RequestKey.settledBy(outcome).ifPresent(key -> settle(key, outcome.getDecidedAt()));
        }
    }

    private void settle(RequestKey key, Instant time) {
        settled.remove(key);
        settled.put(key, time);
        if (settled.size() > MOST_SETTLED) {
            settled.remove(settled.keySet().iterator().next());
        }
        boolean isAskedSince =
                pending.getOrDefault(key, Optional.empty())
                        .filter(request -> request.getRequestedAt().isAfter(time))
                        .isPresent();
        if (!isAskedSince) {
            put(key, Optional.empty());
        }
    }

    private void put(RequestKey key, Optional<LabelRequest> request) {
        pending.remove(key);
        pending.put(key, request);
    }

    private void carryOut() throws LabelStudioException, BridgeException, InterruptedException {
        Map<String, List<LabelRequest>> open = new TreeMap<>();
        for (Map.Entry<RequestKey, Optional<LabelRequest>> each : pending.entrySet()) {
            RequestKey key = each.getKey();
            AdapterProject project = projects.get(key.adapterId());
            if (each.getValue().isPresent()) {
                open.computeIfAbsent(key.adapterId(), id -> new ArrayList<>())
                        .add(each.getValue().get());
            } else if (project != null) {
                attempt(
                        "a request of adapter %s stays open in Label Studio"
                                .formatted(key.adapterId()),
                        () -> project.withdraw(key.requestId()));
            }
        }
        for (Map.Entry<String, List<LabelRequest>> each : open.entrySet()) {
            List<LabelRequest> unexpired =
                    each.getValue().stream().filter(this::isUnexpired).toList();
            // An adapter has labels or predicts a number: one request of the other kind, whose
            // project cannot be that of the others, holds these up no longer.
            Map<Boolean, List<LabelRequest>> forNumbers =
                    unexpired.stream()
                            .collect(
                                    Collectors.partitioningBy(
                                            request -> request.getLabels().isEmpty()));
            ask(each.getKey(), forNumbers.get(false));
            ask(each.getKey(), forNumbers.get(true));
        }
        open.values().stream()
                .flatMap(List::stream)
                .filter(request -> !isUnexpired(request))
                .forEach(request -> tally.expired());
        pending.clear();
        if (isUncommitted) {
            requests.commit();
            isUncommitted = false;
        }
    }

    private void ask(String adapterId, List<LabelRequest> alike)
            throws LabelStudioException, BridgeException, InterruptedException {
        if (alike.isEmpty()) {
            return;
        }
        LabelRequest last = alike.get(alike.size() - 1);
        boolean isAsked =
                attempt(
                        "requests of adapter %s for %s are left out"
                                .formatted(
                                        adapterId,
                                        last.getLabels().isEmpty() ? "numbers" : "labels"),
                        () -> project(adapterId, last).ask(alike));
        if (!isAsked) {
            tally.leftOut(alike.size());
        }
    }

    /**
     * Does something for one adapter. What fails for that adapter alone holds up no other, and is
     * told once as long as it stays the same.
     *
     * @param failure what is so if it cannot be done
     * @return whether it was done
     * @throws LabelStudioException if Label Studio is away, or does not let the token in
     * @throws BridgeException if the broker takes no votes
     */
    private boolean attempt(String failure, Work work)
            throws LabelStudioException, BridgeException, InterruptedException {
        try {
            work.run();
            if (troubles.remove(failure) != null) {
                surroundings.say().accept("No longer so: " + failure + ".");
            }
            return true;
        } catch (LabelStudioException e) {
            if (e.kind() != Kind.REFUSED && e.kind() != Kind.GONE) {
                throw e;
            }
            tell(failure, e);
        } catch (BridgeException e) {
            if (e.isPassing()) {
                throw e;
            }
            tell(failure, e);
        }
        return false;
    }

    private void tell(String failure, Exception e) {
        String trouble = failure + ": " + e.getMessage();
        if (!trouble.equals(troubles.put(failure, trouble))) {
            LOG.warn(trouble, e);
            surroundings.warn().accept(trouble);
        }
    }

    private boolean isUnexpired(LabelRequest request) {
        return request.getExpiresAt().isAfter(streamTimes.get(request.getAdapterId()));
    }

    private AdapterProject project(String adapterId, LabelRequest first)
            throws LabelStudioException, BridgeException, InterruptedException {
        AdapterProject known = projects.get(adapterId);
        if (known != null) {
            return known;
        }
        // It may have been made by a call that came to nothing here, or by another bridge.
        for (ApiProject project : api.projects()) {
            if (settings.adapterOf(project.description()).filter(adapterId::equals).isPresent()) {
                return open(adapterId, project);
            }
        }
        return open(
                adapterId,
                api.create(
                        settings.title(adapterId),
                        settings.description(adapterId),
                        LabelingConfig.of(first.getLabels(), first.getSeveral())));
    }

    private void look() throws LabelStudioException, BridgeException, InterruptedException {
        Set<Long> rung = bell.rung();
        if (surroundings.nanos().getAsLong() - lookedAt >= settings.lookEvery().toNanos()) {
            looks++;
            requests.check();
            if (looks % LOOKS_A_RECONCILIATION == 0) {
                reconcile();
            } else {
                for (Map.Entry<String, AdapterProject> each : projects.entrySet()) {
                    look(each.getKey(), each.getValue()::look);
                }
            }
            lookedAt = surroundings.nanos().getAsLong();
            return;
        }
        for (Map.Entry<String, AdapterProject> each : projects.entrySet()) {
            if (rung.contains(each.getValue().id())) {
                look(each.getKey(), each.getValue()::look);
            }
        }
    }

    private void look(String adapterId, Work work)
            throws LabelStudioException, BridgeException, InterruptedException {
        attempt("answers for adapter %s are not seen".formatted(adapterId), work);
    }

    private void reconcile() throws LabelStudioException, BridgeException, InterruptedException {
        for (Map.Entry<String, AdapterProject> each : projects.entrySet()) {
            AdapterProject project = each.getValue();
            look(
                    each.getKey(),
                    () -> {
                        project.reconcile();
                        hangBell(project);
                    });
        }
        lookedAt = surroundings.nanos().getAsLong();
    }

    private void tellNews() {
        long now = surroundings.nanos().getAsLong();
        if (now - toldAt >= NEWS_EVERY.toNanos()) {
            toldAt = now;
            String news = summary();
            if (!news.equals(told)) {
                told = news;
                LOG.info(news);
                surroundings.say().accept(news);
            }
        }
    }

    /** What was done since the start, in one sentence. */
    String summary() {
        return tally.sentence(projects.values().stream().mapToLong(AdapterProject::waiting).sum());
    }

    /**
     * Takes the bells down, where Label Studio is there, and ends what was opened; also for a
     * thread that was interrupted.
     */
    @Override
    public void close() {
        boolean wasInterrupted = Thread.interrupted();
        for (AdapterProject project : projects.values()) {
            bell.url(project.id()).ifPresent(url -> takeDown(project, url));
        }
        bell.close();
        requests.close();
        votes.close();
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void takeDown(AdapterProject project, String url) {
        try {
            project.takeBellDown(url);
        } catch (LabelStudioException e) {
            LOG.info("A webhook stays until the next start: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
