package io.rankstream.job.train;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.training.Predicted;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepInputAlarm;
import io.rankstream.adapters.training.TextBatch;
import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.encode.EncodedInput;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.input.ModelVersion;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Says what adapters make of inputs, as they are now. Nothing of what an adapter says or learns
 * changes by it; where its inputs are watched, these count. For one that is not there yet, its
 * template answers.
 *
 * <p>Requests of different adapters share passes through the base model, as {@link BundleTrainer}
 * has it. Confined to the task's thread; every adapter becomes the current key in its turn.
 */
final class BundlePredictor {

    private final Adapters adapters;
    private final ConfiguredAdapters configured;
    private final int passTokens;
    private final KeyContext keys;
    private final TrainingOutput output;
    private final DriftAlarms alarms;
    private final PredictionMetrics metrics;
    private final LongSupplier clock;

    /** The pass that is being put together; empty between two calls. */
    private final List<Member> pass = new ArrayList<>();

    /** A request whose adapter is held on the device. */
    private record Member(OpenRequests.Waiting waiting, ResidentAdapter adapter, Task<?> task) {

        PredictionRequest request() {
            return waiting.request();
        }

        TextBatch texts() {
            return new TextBatch(
                    adapter, request().inputs().stream().map(EncodedInput::tokens).toList());
        }
    }

    /**
     * @param passTokens tokens without padding that complete a pass; 0 makes one of every request
     * @param clock milliseconds since the epoch
     */
    BundlePredictor(
            Adapters adapters,
            ConfiguredAdapters configured,
            int passTokens,
            KeyContext keys,
            TrainingOutput output,
            DriftAlarms alarms,
            PredictionMetrics metrics,
            LongSupplier clock) {
        this.adapters = adapters;
        this.configured = configured;
        this.passTokens = passTokens;
        this.keys = keys;
        this.output = output;
        this.alarms = alarms;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Answers every input, or refuses it. */
    void predict(List<OpenRequests.Waiting> requests) throws Exception {
        for (OpenRequests.Waiting waiting : requests) {
            keys.setCurrentKey(waiting.request().adapterId());
            join(waiting);
            if (tokens() >= passTokens || adapters.isPassFull()) {
                runPass();
            }
        }
        runPass();
    }

    private void join(OpenRequests.Waiting waiting) throws Exception {
        PredictionRequest request = waiting.request();
        Optional<TrainingTemplate> template = configured.template(request.adapterId());
        Admission admission =
                template.isPresent()
                        ? adapters.admitToPredict(request.adapterId(), template.get())
                        : Admission.Refused.unknown(request.adapterId());
        if (admission instanceof Admission.Ready ready) {
            pass.add(new Member(waiting, ready.adapter(), template.orElseThrow().head().task()));
        } else if (admission instanceof Admission.Refused refused) {
            for (EncodedInput input : request.inputs()) {
                output.refuse(input.input(), refused.reason(), refused.message());
            }
        }
    }

    private int tokens() {
        return pass.stream().mapToInt(member -> member.request().tokens()).sum();
    }

    private void runPass() throws Exception {
        if (pass.isEmpty()) {
            return;
        }
        List<Predicted> predicted = adapters.predict(pass.stream().map(Member::texts).toList());
        long now = clock.getAsLong();
        for (int i = 0; i < predicted.size(); i++) {
            Member member = pass.get(i);
            answer(member, predicted.get(i), now);
            for (StepInputAlarm raised : predicted.get(i).alarms()) {
                Input input = member.request().inputs().get(raised.position()).input();
                alarms.tell(
                        raised.alarm(),
                        member.adapter(),
                        input.exampleId(),
                        input.eventTime(),
                        input.origin());
            }
        }
        pass.clear();
        adapters.endPass();
    }

    private void answer(Member member, Predicted predicted, long now) {
        for (int i = 0; i < predicted.logits().length; i++) {
            EncodedInput input = member.request().inputs().get(i);
            if (isFinite(predicted.logits()[i])) {
                output.emit(
                        answered(member, input, predicted.logits()[i], predicted.norms()[i], now));
                metrics.predicted(input.input().origin(), member.waiting().arrivals().get(i), now);
            } else {
                output.refuse(
                        input.input(),
                        DeadLetterReason.NOT_FINITE,
                        "the prediction is not finite; correct the text and send it again");
            }
        }
    }

    private PredictedInput answered(
            Member member, EncodedInput input, float[] logits, float norm, long now) {
        AdapterMeta meta = member.adapter().meta();
        List<String> labels = member.adapter().labels().active();
        boolean prior = adapters.isGuest(meta.adapterId());
        return new PredictedInput(
                input.input(),
                prior || meta.version() == 0
                        ? Optional.empty()
                        : Optional.of(new ModelVersion.Published(meta.version())),
                meta.step(),
                member.adapter().labels().revision(),
                prior,
                input.tokens().truncated(),
                Optional.of(member.task().said(logits, input.tokens(), labels)),
                said(member.task().probabilities(logits, labels)),
                norm,
                now);
    }

    private static LabelProbabilities said(Map<String, Float> probabilities) {
        float[] values = new float[probabilities.size()];
        int next = 0;
        for (float value : probabilities.values()) {
            values[next++] = value;
        }
        return new LabelProbabilities(List.copyOf(probabilities.keySet()), values);
    }

    private static boolean isFinite(float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                return false;
            }
        }
        return true;
    }
}
