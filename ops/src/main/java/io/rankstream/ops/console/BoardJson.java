package io.rankstream.ops.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.Task;
import io.rankstream.ops.standing.AdapterLine;
import io.rankstream.ops.standing.Drift;
import io.rankstream.ops.standing.JobEvent;
import io.rankstream.ops.standing.LearningCurve;
import io.rankstream.ops.standing.LoopJson;
import io.rankstream.ops.standing.LoopLine;
import io.rankstream.ops.standing.LoopStanding;
import io.rankstream.ops.standing.Metrics;
import io.rankstream.ops.standing.QualityPoint;
import io.rankstream.ops.standing.Refusal;
import io.rankstream.ops.standing.Standing;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.standing.Stretch;
import io.rankstream.ops.standing.Throughput;
import io.rankstream.schemas.Forgetting;
import io.rankstream.schemas.TrainingReport;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What the page is told: all of it, or what has changed. What is not known is null. */
final class BoardJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Open requests that are listed, of each adapter. */
    private static final int MOST_REQUESTS = 50;

    private final ConsoleSubject subject;

    BoardJson(ConsoleSubject subject) {
        this.subject = subject;
    }

    /**
     * @param since number of the newest change that is known already; negative for none
     * @param adapter the adapter that is looked at closely; null for none
     */
    ObjectNode of(Standings standings, long since, String adapter, Instant now) {
        ObjectNode root = JSON.createObjectNode();
        root.put("reset", since < 0);
        root.put("title", subject.title());
        root.put("time", now.toEpochMilli());
        root.put("examples", standings.examples());
        root.put("refused", standings.refused());
        root.put("refusedOfNobody", standings.refusedOfNobody());
        if (subject.total().isPresent()) {
            root.put("total", subject.total().getAsLong());
        }
        root.put("adapterCount", standings.adapters().size());
        standings
                .openRequests()
                .ifPresent(
                        open ->
                                root.put("openRequests", open)
                                        .put("inputsPerSecond", standings.inputsPerSecond(now)));
        ObjectNode reasons = root.putObject("reasons");
        standings.refusedByReason().forEach((reason, count) -> reasons.put(reason.name(), count));
        throughput(standings.throughput(), root.putObject("throughput"));
        root.put("checkpoints", standings.checkpointCount());
        root.put("restarts", standings.restartCount());
        if (standings.eventsChanged() > since) {
            ArrayNode events = root.putArray("events");
            Stream.concat(standings.checkpoints().stream(), standings.news().stream())
                    .forEach(event -> event(event, events.addObject()));
        }
        ArrayNode rows = root.putArray("adapters");
        standings.adapters().stream()
                .filter(one -> one.revision() > since)
                .forEach(one -> row(one, now, rows.addObject()));
        ArrayNode letters = root.putArray("refusalsOfNobody");
        standings.refusalsOfNobody().forEach(one -> refusal(one, letters.addObject()));
        if (adapter != null) {
            standings
                    .adapter(adapter)
                    .filter(one -> one.revision() > since)
                    .ifPresent(one -> detail(one, since, now, root.putObject("adapter")));
        }
        return root;
    }

    private static void event(JobEvent event, ObjectNode node) {
        node.put("time", event.time().toEpochMilli());
        node.put("kind", event.kind().name());
        node.put("text", event.text());
    }

    private static void throughput(Throughput throughput, ObjectNode node) {
        node.put("seconds", throughput.length().toSeconds());
        ArrayNode spans = node.putArray("spans");
        throughput
                .examplesOfSpan()
                .forEach((span, examples) -> spans.addArray().add(span).add(examples));
    }

    private static void row(Standing standing, Instant now, ObjectNode node) {
        AdapterLine line = standing.line(now);
        node.put("id", line.id());
        node.put("examples", line.examples());
        node.put("steps", line.steps());
        Map<String, Double> scores = standing.scores();
        Metrics.taskOf(scores).ifPresent(task -> score(task, scores, node));
        node.put("version", line.version());
        node.put("budget", line.budget());
        node.put("refused", line.refused());
        node.put("rate", line.rate());
        node.put("active", standing.active().toEpochMilli());
        line.loop()
                .flatMap(LoopLine::quality)
                .ifPresent(quality -> node.put("estimate", quality.getAccuracy()));
        line.examplesSinceAlarm().ifPresent(since -> node.put("sinceDrift", since));
        standing.latest()
                .ifPresent(
                        report -> {
                            node.put("loss", finite(report.getTaskLoss()));
                            ObjectNode metrics = node.putObject("metrics");
                            report.getMetrics().forEach(metrics::put);
                            node.put("ranks", Standing.liveRanks(report));
                        });
    }

    /** What a table has of an adapter's score, and each of its columns. */
    private static void score(Task<?> task, Map<String, Double> scores, ObjectNode node) {
        node.put("measure", task.columns().get(0).header());
        node.put("recent", orNull(task.columns().get(1).of(scores)));
        node.put("baseline", task.baseline());
        node.put("gain", orNull(task.gain(scores)));
        ArrayNode columns = node.putArray("scores");
        for (ScoreColumn column : task.columns()) {
            columns.addObject()
                    .put("name", column.header())
                    .put("value", orNull(column.of(scores)));
        }
    }

    private void detail(Standing standing, long since, Instant now, ObjectNode node) {
        LearningCurve curve = standing.curve();
        boolean whole = since < curve.rewritten() || since < 0;
        node.put("id", standing.id());
        node.put("whole", whole);
        node.put("stepsOfAPoint", curve.length());
        standing.first()
                .map(TrainingReport::getStep)
                .ifPresent(step -> node.put("firstStep", step));
        ArrayNode modules = node.putArray("modules");
        standing.modules().forEach(modules::add);
        ArrayNode points = node.putArray("points");
        curve.stretches().stream()
                .filter(stretch -> whole || stretch.revision() > since)
                .forEach(stretch -> point(stretch, points.addArray()));
        ArrayNode versions = node.putArray("versions");
        standing.versions()
                .forEach(
                        version ->
                                versions.addObject()
                                        .put("version", version.announcement().getVersion())
                                        .put("step", version.announcement().getStep())
                                        .put("examples", version.announcement().getExamples())
                                        .put(
                                                "accuracy",
                                                orNull(
                                                        Metrics.known(
                                                                version.announcement()
                                                                        .getPrequentialAccuracyLast1000())))
                                        .put("time", version.time().toEpochMilli())
                                        .put("path", version.announcement().getPath()));
        ArrayNode drifts = node.putArray("drifts");
        standing.drifts().forEach(drift -> drift(drift, drifts.addObject()));
        standing.forgetting().ifPresent(found -> forgetting(found, node.putObject("forgetting")));
        standing.loop()
                .filter(loop -> since < 0 || loop.revision() > since)
                .ifPresent(loop -> loop(loop, now, node.putObject("loop")));
        ObjectNode reasons = node.putObject("reasons");
        standing.refusedByReason().forEach((reason, count) -> reasons.put(reason.name(), count));
        ArrayNode refusals = node.putArray("refusals");
        standing.refusals().forEach(one -> refusal(one, refusals.addObject()));
    }

    /** All that is known of inputs without a label, whatever has changed: it is little. */
    private static void loop(LoopStanding loop, Instant now, ObjectNode node) {
        LoopJson.write(loop.line(now), node);
        ArrayNode points = node.putArray("points");
        loop.curve().points().forEach(point -> point(point, points.addArray()));
        ArrayNode requests = node.putArray("requests");
        loop.newestRequests(MOST_REQUESTS)
                .forEach(
                        request ->
                                requests.addObject()
                                        .put("input", request.exampleId())
                                        .put("reason", request.reason().name())
                                        .put("votesWanted", request.votesWanted())
                                        .put("requestedAt", request.requestedAt().toEpochMilli())
                                        .put("expiresAt", request.expiresAt().toEpochMilli()));
    }

    /** In this order: the page knows it too. */
    private static void point(QualityPoint point, ArrayNode values) {
        values.add(point.to().toEpochMilli());
        values.add(orNull(point.accuracy()));
        values.add(orNull(point.low()));
        values.add(orNull(point.high()));
        values.add(orNull(point.uniform()));
        values.add(orNull(point.naive()));
        values.add(finite(point.effectiveLabels()));
    }

    private static void drift(Drift drift, ObjectNode node) {
        node.put("time", drift.time().toEpochMilli());
        node.put("example", drift.example());
        node.put("beginning", drift.event().getBeginning());
        node.put("said", drift.said().name());
        node.put("text", drift.text());
    }

    private static void forgetting(Forgetting found, ObjectNode node) {
        node.put("withheld", found.getWithheld());
        ArrayNode periods = node.putArray("periods");
        found.getPeriods()
                .forEach(
                        period ->
                                periods.addObject()
                                        .put("first", period.getFirst())
                                        .put("last", period.getLast())
                                        .put("probes", period.getProbes())
                                        .put("then", period.getThen())
                                        .put("now", period.getNow()));
        ArrayNode labels = node.putArray("labels");
        found.getLabels()
                .forEach(
                        label ->
                                labels.addObject()
                                        .put("name", label.getLabel())
                                        .put("probes", label.getProbes())
                                        .put("then", label.getThen())
                                        .put("now", label.getNow()));
    }

    /** In this order: the page knows it too. */
    private static void point(Stretch stretch, ArrayNode point) {
        point.add(stretch.step());
        point.add(stretch.time().toEpochMilli());
        point.add(stretch.examplesTotal());
        point.add(finite(stretch.accuracy()));
        point.add(finite(stretch.accuracyLast1000()));
        point.add(finite(stretch.majority()));
        point.add(finite(stretch.loss()));
        point.add(stretch.budget());
        ArrayNode ranks = point.addArray();
        for (int rank : stretch.liveRanks()) {
            ranks.add(rank);
        }
        ObjectNode metrics = point.addObject();
        stretch.metrics().forEach((name, value) -> metrics.put(name, finite(value)));
    }

    private void refusal(Refusal refusal, ObjectNode node) {
        node.put("time", refusal.written().toEpochMilli());
        node.put("reason", refusal.reason().name());
        node.put("message", refusal.message());
        node.put("record", place(refusal.topic(), refusal.partition(), refusal.offset()));
        refusal.letter()
                .ifPresent(
                        letter ->
                                node.put(
                                        "letter",
                                        place(
                                                letter.topic(),
                                                letter.partition(),
                                                letter.offset())));
        node.put("command", PeekCommand.of(subject.config(), refusal));
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "/" + partition + "/" + offset;
    }

    private static Double orNull(OptionalDouble value) {
        return value.isPresent() ? finite(value.getAsDouble()) : null;
    }

    /** JSON has no other numbers. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
