package io.rankstream.ops.labelstudio;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.text.Amount;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.labelstudio.api.ApiAnnotation;
import io.rankstream.ops.labelstudio.api.ApiProject;
import io.rankstream.ops.labelstudio.api.ApiTask;
import io.rankstream.ops.labelstudio.api.ApiWebhook;
import io.rankstream.ops.labelstudio.api.LabelStudioApi;
import io.rankstream.ops.labelstudio.api.LabelStudioException;
import io.rankstream.ops.labelstudio.api.LabelStudioException.Kind;
import io.rankstream.ops.vote.Votes;
import io.rankstream.ops.vote.VotesException;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.Span;
import io.rankstream.schemas.VoteKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The project of one adapter. What is known of its tasks is read from it; until it is, and whenever
 * it is not certain what a call has come to, everything is read anew before anything is asked.
 *
 * <p>For use by one thread. Every method throws {@link LabelStudioException} where Label Studio
 * cannot be used for the moment, and {@link BridgeException} where votes cannot be written or the
 * project cannot be used at all.
 */
final class AdapterProject {

    private static final int TASKS_A_PAGE = 500;
    private static final int TASKS_A_CALL = 200;
    private static final int CHARACTERS_A_CALL = 4 << 20;

    /** What two transactions of Label Studio may overtake each other by. */
    private static final Duration OVERTAKING = Duration.ofSeconds(10);

    private final LabelStudioApi api;
    private final String adapterId;
    private final ApiProject project;
    private final VoteLog log;
    private final Votes votes;
    private final BridgeTally tally;
    private final InstantSource clock;
    private final Consumer<String> warn;

    private final Map<Long, Known> tasks = new HashMap<>();
    private final Map<String, Long> byRequest = new HashMap<>();
    private final Map<String, Set<Long>> byExample = new HashMap<>();
    private final Set<Long> unreadable = new HashSet<>();

    private List<String> labels;
    private boolean several;

    /** When what was read last had changed; empty where nothing was read yet. */
    private Optional<Instant> changedUntil = Optional.empty();

    private boolean isStale = true;
    private int untoldGone;

    /** A task as it was seen last. */
    private record Known(
            TaskMeta meta,
            int overlap,
            boolean isLabeled,
            boolean isAnswered,
            List<Annotation> annotations) {

        /** People whose annotations count for the overlap: who skips leaves the task to others. */
        int annotators() {
            return Math.toIntExact(
                    annotations.stream()
                            .filter(each -> each.kind() == VoteKind.VOTE)
                            .map(Annotation::annotator)
                            .distinct()
                            .count());
        }

        /** Whether it has all the answers that it waited for. */
        boolean isDone() {
            return isAnswered && isLabeled;
        }

        Known isClosed(int newOverlap) {
            return new Known(meta.isClosed(), newOverlap, true, isAnswered, annotations);
        }
    }

    /**
     * A project of which nothing was read yet.
     *
     * @param warn told what somebody should know of
     */
    AdapterProject(
            LabelStudioApi api,
            String adapterId,
            ApiProject project,
            VoteLog log,
            Votes votes,
            BridgeTally tally,
            InstantSource clock,
            Consumer<String> warn) {
        this.api = api;
        this.adapterId = adapterId;
        this.project = project;
        this.log = log;
        this.votes = votes;
        this.tally = tally;
        this.clock = clock;
        this.warn = warn;
    }

    long id() {
        return project.id();
    }

    /** Tasks that wait for an answer. */
    long waiting() {
        return tasks.values().stream().filter(task -> !task.isLabeled()).count();
    }

    /** Has everything read anew before anything is asked. */
    void isStale() {
        isStale = true;
    }

    /** Looks at what has changed since the last look. */
    void look() throws LabelStudioException, BridgeException, InterruptedException {
        if (isStale) {
            reconcile();
        } else {
            read(changedUntil.map(time -> time.minus(OVERTAKING)));
        }
        tellGone();
    }

    /** Looks at everything. */
    void reconcile() throws LabelStudioException, BridgeException, InterruptedException {
        Set<Long> there = read(Optional.empty());
        tasks.keySet().stream().filter(id -> !there.contains(id)).toList().forEach(this::isGone);
        deleteDoubles();
        for (Map.Entry<Long, Known> task : List.copyOf(tasks.entrySet())) {
            if (task.getValue().overlap() < task.getValue().meta().votesWanted()
                    && !task.getValue().isLabeled()
                    && !task.getValue().meta().closed()) {
                wait(task.getKey(), task.getValue().meta(), task.getValue().meta().votesWanted());
            }
        }
        isStale = false;
        tellGone();
    }

    /** A call that came to nothing here may have come to something there. */
    private void deleteDoubles() throws LabelStudioException, InterruptedException {
        for (long id : tasks.keySet().stream().sorted().toList()) {
            Known task = tasks.get(id);
            boolean isAskedElsewhere = byRequest.getOrDefault(task.meta().requestId(), id) != id;
            if (isAskedElsewhere && !task.isAnswered()) {
                api.delete(id);
                forget(id);
            }
        }
    }

    private void isGone(long id) {
        forget(id);
        tally.deleted();
        untoldGone++;
    }

    /** Whoever tidies up a project takes nothing back by that. */
    private void tellGone() {
        if (untoldGone > 0) {
            warn.accept(
                    "%s gone from project %d '%s': what was voted there stands, and nobody is asked again"
                            .formatted(
                                    Amount.of(untoldGone, "task is", "tasks are"),
                                    project.id(),
                                    project.title()));
            untoldGone = 0;
        }
    }

    /** Ids of the tasks that were read. */
    private Set<Long> read(Optional<Instant> changedAfter)
            throws LabelStudioException, BridgeException, InterruptedException {
        Set<Long> there = new HashSet<>();
        Optional<Instant> newest = changedUntil;
        List<ApiTask> page;
        long last = 0;
        do {
            page = page(last, changedAfter);
            take(page);
            for (ApiTask task : page) {
                there.add(task.id());
                last = Math.max(last, task.id());
                if (newest.isEmpty() || task.updatedAt().isAfter(newest.get())) {
                    newest = Optional.of(task.updatedAt());
                }
            }
        } while (!page.isEmpty()); // one that is not full may be as long as the server lets it be
        changedUntil = newest;
        return there;
    }

    private List<ApiTask> page(long after, Optional<Instant> changedAfter)
            throws LabelStudioException, BridgeException, InterruptedException {
        try {
            return api.tasks(project.id(), after, changedAfter, TASKS_A_PAGE);
        } catch (LabelStudioException e) {
            throw whereTheProjectIs(e);
        }
    }

    /** Takes tasks as they are now, and writes the votes that follow from them. */
    private void take(List<ApiTask> page) throws BridgeException, InterruptedException {
        List<LabelVote> missing = new ArrayList<>();
        for (ApiTask task : page) {
            Optional<TaskMeta> meta =
                    TaskMeta.of(task.meta()).filter(it -> it.adapterId().equals(adapterId));
            if (meta.isEmpty() && tasks.containsKey(task.id())) {
                isGone(task.id()); // and its id is that of a task of somebody else's
            }
            if (meta.isPresent()) {
                List<Annotation> annotations = remember(task, meta.get());
                missing.addAll(log.missing(meta.get(), scope(task), annotations, clock.instant()));
            }
        }
        if (!missing.isEmpty()) {
            write(missing);
            missing.forEach(vote -> log.isWritten(vote, Optional.empty()));
            tally.written(missing);
        }
    }

    private void write(List<LabelVote> missing) throws BridgeException, InterruptedException {
        try {
            votes.write(missing);
        } catch (VotesException e) {
            throw BridgeException.passing(e.getMessage(), e);
        }
    }

    /** What ids of votes begin with that come from a task. Ids of deleted tasks come again. */
    private String scope(ApiTask task) {
        return "%s/%d-%d/%d-%d/"
                .formatted(
                        VoteLog.SOURCE,
                        project.id(),
                        project.createdAt().getEpochSecond(),
                        task.id(),
                        task.createdAt().getEpochSecond());
    }

    private List<Annotation> remember(ApiTask task, TaskMeta meta) {
        List<Annotation> annotations = new ArrayList<>();
        for (ApiAnnotation each : task.annotations()) {
            Annotation.of(each, meta.several())
                    .ifPresentOrElse(annotations::add, () -> isUnreadable(each.id()));
        }
        put(
                task.id(),
                new Known(
                        meta,
                        task.overlap(),
                        task.isLabeled(),
                        !task.annotations().isEmpty(),
                        annotations));
        return annotations;
    }

    private void put(long id, Known task) {
        forget(id);
        tasks.put(id, task);
        byRequest.put(task.meta().requestId(), id);
        byExample
                .computeIfAbsent(task.meta().exampleId(), example -> new LinkedHashSet<>())
                .add(id);
    }

    private void isUnreadable(long annotation) {
        if (unreadable.add(annotation)) {
            tally.unreadable();
            warn.accept(
                    "annotation %d in project %d '%s' says neither one label nor one number in control '%s': it is no vote"
                            .formatted(
                                    annotation,
                                    project.id(),
                                    project.title(),
                                    LabelingConfig.CONTROL));
        }
    }

    private void forget(long id) {
        Known known = tasks.remove(id);
        if (known != null) {
            byRequest.remove(known.meta().requestId(), id);
            Set<Long> same = byExample.get(known.meta().exampleId());
            same.remove(id);
            if (same.isEmpty()) {
                byExample.remove(known.meta().exampleId());
            }
        }
    }

    /** Asks what is not asked yet. */
    void ask(List<LabelRequest> requests)
            throws LabelStudioException, BridgeException, InterruptedException {
        if (isStale) {
            reconcile();
        }
        Map<String, LabelRequest> newest = new LinkedHashMap<>();
        requests.forEach(request -> newest.put(request.getExampleId(), request));
        List<LabelRequest> unasked = newest.values().stream().filter(this::isNew).toList();
        if (unasked.isEmpty()) {
            return;
        }
        LabelRequest last = unasked.get(unasked.size() - 1);
        configure(last.getLabels(), last.getSeveral());
        List<LabelRequest> fresh = new ArrayList<>();
        for (LabelRequest request : unasked) {
            Optional<Long> same =
                    byExample.getOrDefault(request.getExampleId(), Set.of()).stream().findFirst();
            if (same.isEmpty() || !isThere(same.get())) {
                fresh.add(request);
            } else {
                askAgain(same.get(), request);
            }
        }
        fresh.sort(Comparator.comparingDouble(LabelRequest::getPriority).reversed());
        add(fresh);
    }

    /**
     * Whether a task is still the one that it was, of which what is known is what is so now.
     * Nothing is done to a task before that: it may have been deleted, and its id be another's.
     */
    private boolean isThere(long id)
            throws LabelStudioException, BridgeException, InterruptedException {
        String requestId = tasks.get(id).meta().requestId();
        Optional<ApiTask> now = api.task(id);
        if (now.isEmpty()) {
            isGone(id);
            return false;
        }
        take(List.of(now.get()));
        return tasks.containsKey(id) && tasks.get(id).meta().requestId().equals(requestId);
    }

    private boolean isNew(LabelRequest request) {
        boolean isList = request.getSuggestion() instanceof List && !request.getSeveral();
        if (request.getSuggestion() instanceof Span || isList) {
            refuse(request, "a part of a text cannot be asked for here");
            return false;
        }
        return !byRequest.containsKey(request.getRequestId());
    }

    /**
     * Has the project offer labels to choose from. What people have changed in its configuration
     * meanwhile stays.
     */
    private void configure(List<String> wanted, boolean wantsSeveral)
            throws LabelStudioException, BridgeException, InterruptedException {
        if (wanted.equals(labels) && wantsSeveral == several) {
            return;
        }
        look(); // a label is taken away only if no annotation is seen to have it
        Set<String> held = new HashSet<>();
        tasks.values().stream()
                .flatMap(task -> task.annotations().stream())
                .flatMap(annotation -> annotation.labels().stream())
                .forEach(held::add);
        try {
            String config = api.project(project.id()).labelConfig();
            Optional<String> updated = LabelingConfig.updated(config, wanted, wantsSeveral, held);
            if (updated.isPresent()) {
                api.configure(project.id(), updated.get());
            }
        } catch (BridgeException e) {
            throw BridgeException.lasting(
                    "project %d '%s' cannot be used for adapter %s: %s"
                            .formatted(project.id(), project.title(), adapterId, e.getMessage()),
                    e);
        } catch (LabelStudioException e) {
            throw whereTheProjectIs(e);
        }
        labels = wanted;
        several = wantsSeveral;
    }

    /** Asks others than those who have voted, who are shown no suggestion unless it has one. */
    private void askAgain(long id, LabelRequest request)
            throws LabelStudioException, InterruptedException {
        Known known = tasks.get(id);
        TaskMeta asked = TaskMeta.of(request);
        boolean shown = known.meta().suggestionShown() && asked.suggestionShown();
        if (known.meta().suggestionShown() && !shown) {
            api.deletePredictions(id);
        }
        TaskMeta meta =
                new TaskMeta(
                        asked.requestId(),
                        asked.exampleId(),
                        asked.adapterId(),
                        asked.labelRevision(),
                        shown,
                        asked.votesWanted(),
                        false,
                        asked.several());
        if (wait(id, meta, known.annotators() + asked.votesWanted())) {
            tally.askedAgain();
        }
    }

    /** Has a task wait for annotations; false if it is gone. */
    private boolean wait(long id, TaskMeta meta, int overlap)
            throws LabelStudioException, InterruptedException {
        Known known = tasks.get(id);
        if (!api.change(id, meta.json(), overlap, false)) {
            isGone(id);
            return false;
        }
        put(id, new Known(meta, overlap, false, known.isAnswered(), known.annotations()));
        return true;
    }

    private void add(List<LabelRequest> requests)
            throws LabelStudioException, BridgeException, InterruptedException {
        List<LabelRequest> chunk = new ArrayList<>();
        int characters = 0;
        for (LabelRequest request : requests) {
            if (!chunk.isEmpty()
                    && (chunk.size() == TASKS_A_CALL
                            || characters + length(request) > CHARACTERS_A_CALL)) {
                addInOneCall(chunk);
                chunk.clear();
                characters = 0;
            }
            chunk.add(request);
            characters += length(request);
        }
        if (!chunk.isEmpty()) {
            addInOneCall(chunk);
        }
    }

    private static int length(LabelRequest request) {
        return Stream.concat(
                        Stream.of(
                                request.getText(),
                                Optional.ofNullable(request.getTextPair()).orElse("")),
                        request.getMetadata().values().stream())
                .mapToInt(String::length)
                .sum();
    }

    /** Label Studio refuses a call whole for the sake of one task. */
    private void addInOneCall(List<LabelRequest> chunk)
            throws LabelStudioException, BridgeException, InterruptedException {
        List<Long> ids;
        try {
            ids = api.add(project.id(), tasks(chunk));
        } catch (LabelStudioException e) {
            if (e.kind() == Kind.REFUSED && chunk.size() == 1) {
                refuse(chunk.get(0), e.getMessage());
            } else if (e.kind() == Kind.REFUSED) {
                for (LabelRequest request : chunk) {
                    addInOneCall(List.of(request));
                }
            } else {
                isStale = true; // whether it has added them is not known
                throw whereTheProjectIs(e);
            }
            return;
        }
        for (int i = 0; i < ids.size(); i++) {
            TaskMeta meta = TaskMeta.of(chunk.get(i));
            put(ids.get(i), new Known(meta, 1, false, false, List.of()));
        }
        tally.pushed(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            if (chunk.get(i).getVotesWanted() > 1) {
                wait(ids.get(i), TaskMeta.of(chunk.get(i)), chunk.get(i).getVotesWanted());
            }
        }
    }

    private static ArrayNode tasks(List<LabelRequest> requests) {
        ArrayNode tasks = JsonNodeFactory.instance.arrayNode();
        for (LabelRequest request : requests) {
            ObjectNode task = TaskForm.of(request);
            tasks.add(task);
        }
        return tasks;
    }

    private void refuse(LabelRequest request, String reason) {
        tally.leftOut(1);
        warn.accept(
                "request %s for example %s of adapter %s is left out: %s"
                        .formatted(
                                Excerpt.of(request.getRequestId()),
                                Excerpt.of(request.getExampleId()),
                                adapterId,
                                reason));
    }

    /**
     * Takes a request back: its task is deleted, unless somebody has answered it, and then it waits
     * for nobody any more.
     */
    void withdraw(String requestId)
            throws LabelStudioException, BridgeException, InterruptedException {
        if (isStale) {
            reconcile();
        }
        Long id = byRequest.get(requestId);
        if (id == null || tasks.get(id).meta().closed() || tasks.get(id).isDone()) {
            return;
        }
        if (!isThere(id)) {
            return;
        }
        Known known = tasks.get(id);
        if (!known.isAnswered()) {
            api.delete(id);
            forget(id);
            tally.withdrawn();
        } else if (!known.isLabeled()) {
            int overlap = Math.max(1, known.annotators());
            if (api.change(id, known.meta().isClosed().json(), overlap, true)) {
                put(id, known.isClosed(overlap));
                tally.withdrawn();
            } else {
                isGone(id);
            }
        }
    }

    /**
     * Has Label Studio ring, and takes away the bells of earlier starts.
     *
     * @param url where it rings
     */
    void hangBell(String url) throws LabelStudioException, BridgeException, InterruptedException {
        try {
            boolean hangs = false;
            for (ApiWebhook webhook : api.webhooks(project.id())) {
                if (webhook.url().equals(url)) {
                    hangs = true;
                } else if (webhook.url().contains(Doorbell.PATH)) {
                    api.deleteWebhook(webhook.id());
                }
            }
            if (!hangs) {
                api.addWebhook(project.id(), url);
            }
        } catch (LabelStudioException e) {
            throw whereTheProjectIs(e);
        }
    }

    /** Takes its bell away. */
    void takeBellDown(String url) throws LabelStudioException, InterruptedException {
        for (ApiWebhook webhook : api.webhooks(project.id())) {
            if (webhook.url().equals(url)) {
                api.deleteWebhook(webhook.id());
            }
        }
    }

    private LabelStudioException whereTheProjectIs(LabelStudioException e) throws BridgeException {
        if (e.kind() == Kind.GONE) {
            throw BridgeException.lasting(
                    "project %d '%s' of adapter %s is gone from Label Studio: what was voted there stands, and nothing is retracted; start again to have another made, with --from-start to ask there what is still open"
                            .formatted(project.id(), project.title(), adapterId),
                    e);
        }
        return e;
    }
}
