package io.rankstream.ops.demo.labeling;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.send.RecordSender;
import io.rankstream.ops.send.SendException;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.RequestAction;
import io.rankstream.schemas.UnlabeledInput;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What goes in and out of the job: inputs in their order, no faster than they are predicted; votes
 * when the stream has come to the time at which they are given. For use by one thread.
 */
final class LabelingTraffic implements AutoCloseable {

    /** What {@link #progress} means. */
    static final String LEGEND =
            "Progress: inputs predicted of all, inputs a second, time; labels asked for, votes given, labels decided";

    /**
     * Inputs that are on their way at once. More would be predicted sooner, and by adapters that
     * have heard fewer answers.
     */
    private static final int UNDER_WAY = 96;

    /** Answers come within some checkpoints; where none did for as long, none will. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final UnlabeledMails inputs;
    private final SimulatedAnnotators annotators;
    private final RecordSender<UnlabeledInput> inputWriter;
    private final RecordSender<LabelVote> voteWriter;
    private final TopicReader<InputPrediction> answered;
    private final TopicReader<InputPrediction> predictions;
    private final TopicReader<LabelRequest> requests;
    private final TopicReader<LabelOutcome> outcomes;
    private final TopicReader<AdapterQuality> qualities;
    private final LabelingTally tally;
    private final PriorityQueue<LabelVote> toCome =
            new PriorityQueue<>(
                    Comparator.comparing(LabelVote::getLabeledAt)
                            .thenComparing(LabelVote::getLabelId));

    /** Why the broker took a record not, if there is such a one. */
    private final AtomicReference<String> refused = new AtomicReference<>();

    private int sent;
    private int predicted;
    private int committed;
    private long asked;
    private long votes;
    private long decided;
    private Instant streamTime = Instant.MIN;
    private Instant lastNews = Instant.MAX;

    private LabelingTraffic(JobConfig config, UnlabeledMails inputs, SimulatedAnnotators annotators)
            throws SendException, RegistryException {
        this.inputs = inputs;
        this.annotators = annotators;
        this.tally = new LabelingTally(inputs::truth);
        this.inputWriter = RecordSender.open(config, Topic.UNLABELED_INPUTS);
        this.voteWriter = RecordSender.open(config, Topic.LABELS);
        String said = config.topics().of(Topic.INPUT_PREDICTIONS);
        this.answered =
                TopicReader.live(
                        config.kafka().bootstrapServers(), said, InputPrediction.getClassSchema());
        this.predictions =
                TopicReader.committed(config.kafka(), said, InputPrediction.getClassSchema());
        this.requests =
                TopicReader.committed(
                        config.kafka(),
                        config.topics().of(Topic.LABEL_REQUESTS),
                        LabelRequest.getClassSchema());
        this.outcomes =
                TopicReader.committed(
                        config.kafka(),
                        config.topics().of(Topic.LABEL_OUTCOMES),
                        LabelOutcome.getClassSchema());
        this.qualities =
                TopicReader.committed(
                        config.kafka(),
                        config.topics().of(Topic.ADAPTER_QUALITY),
                        AdapterQuality.getClassSchema());
    }

    /** Opens the topics of a job, which exist. */
    static LabelingTraffic open(
            JobConfig config, UnlabeledMails inputs, SimulatedAnnotators annotators)
            throws SendException, RegistryException {
        return new LabelingTraffic(config, inputs, annotators);
    }

    /** Sends what may be sent by now, and takes in what has come. */
    void advance(Instant now) throws SendException, InterruptedException {
        for (InputPrediction each : answered.arrived()) {
            predicted++;
            streamTime = latest(streamTime, each.getEventTime());
        }
        while (sent < inputs.inputs().size() && sent - predicted < UNDER_WAY) {
            UnlabeledInput input = inputs.inputs().get(sent++);
            inputWriter.send(
                    input.getExampleId(),
                    input,
                    null,
                    (place, reason) -> refused.compareAndSet(null, reason));
        }
        List<LabelRequest> asks = requests.arrived();
        asks.forEach(this::answer);
        while (!toCome.isEmpty() && isDue(toCome.peek())) {
            LabelVote vote = toCome.remove();
            votes++;
            voteWriter.send(
                    vote.getLabelId(),
                    vote,
                    null,
                    (place, reason) -> refused.compareAndSet(null, reason));
        }
        inputWriter.flush();
        voteWriter.flush();
        if (refused.get() != null) {
            throw new IllegalStateException(refused.get());
        }
        count(asks, now);
    }

    private void count(List<LabelRequest> asks, Instant now) {
        List<InputPrediction> said = predictions.arrived();
        List<LabelOutcome> ends = outcomes.arrived();
        committed += said.size();
        decided += ends.stream().filter(each -> each.getLabel() != null).count();
        tally.addPredictions(said);
        tally.addRequests(asks);
        tally.addOutcomes(ends);
        tally.addQualities(qualities.arrived());
        if (!said.isEmpty() || !asks.isEmpty() || !ends.isEmpty()) {
            lastNews = now;
        }
    }

    private void answer(LabelRequest request) {
        if (request.getAction() == RequestAction.OPEN) {
            asked++;
            toCome.addAll(annotators.answers(request, inputs.truth(request.getExampleId())));
        }
    }

    /** Once all mails are predicted, the stream's time stands still, and nobody waits any more. */
    private boolean isDue(LabelVote vote) {
        return predicted == inputs.inputs().size() || !vote.getLabeledAt().isAfter(streamTime);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether all is predicted and nothing has come for a while. */
    boolean isOver(Instant now) {
        return committed == inputs.inputs().size()
                && toCome.isEmpty()
                && Duration.between(lastNews, now).compareTo(QUIET) > 0;
    }

    /** How far it is. */
    String progress(Duration elapsed) {
        return String.format(
                Locale.ROOT,
                "%,d/%,d %.1f/s %d:%02d | %,d asked, %,d votes, %,d decided",
                predicted,
                inputs.inputs().size(),
                predicted * 1000.0 / Math.max(1, elapsed.toMillis()),
                elapsed.toMinutes(),
                elapsed.toSecondsPart(),
                asked,
                votes,
                decided);
    }

    /** What became of all. */
    LabelingTally tally() {
        return tally;
    }

    @Override
    public void close() {
        inputWriter.close();
        voteWriter.close();
        answered.close();
        predictions.close();
        requests.close();
        outcomes.close();
        qualities.close();
    }
}
