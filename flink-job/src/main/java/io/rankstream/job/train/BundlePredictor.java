package io.rankstream.job.train;

import io.rankstream.adapters.Prediction;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.training.Predicted;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepInputAlarm;
import io.rankstream.adapters.training.TextBatch;
import io.rankstream.job.batch.PredictionRequest;
import io.rankstream.job.batch.UnlabeledText;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Says what adapters make of texts, as they are now. Nothing of what an adapter says or learns
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

    /** The pass that is being put together; empty between two calls. */
    private final List<Member> pass = new ArrayList<>();

    /** A request whose adapter is held on the device. */
    private record Member(PredictionRequest request, ResidentAdapter adapter, Task<?> task) {

        TextBatch texts() {
            return new TextBatch(
                    adapter, request.texts().stream().map(UnlabeledText::tokens).toList());
        }
    }

    /**
     * @param passTokens tokens without padding that complete a pass; 0 makes one of every request
     */
    BundlePredictor(
            Adapters adapters,
            ConfiguredAdapters configured,
            int passTokens,
            KeyContext keys,
            TrainingOutput output,
            DriftAlarms alarms) {
        this.adapters = adapters;
        this.configured = configured;
        this.passTokens = passTokens;
        this.keys = keys;
        this.output = output;
        this.alarms = alarms;
    }

    /** Answers every text, or refuses it. */
    void predict(List<PredictionRequest> requests) throws Exception {
        for (PredictionRequest request : requests) {
            keys.setCurrentKey(request.adapterId());
            join(request);
            if (tokens() >= passTokens || adapters.isPassFull()) {
                runPass();
            }
        }
        runPass();
    }

    private void join(PredictionRequest request) throws Exception {
        Optional<TrainingTemplate> template = configured.template(request.adapterId());
        Admission admission =
                template.isPresent()
                        ? adapters.admitToPredict(request.adapterId(), template.get())
                        : Admission.Refused.unknown(request.adapterId());
        if (admission instanceof Admission.Ready ready) {
            pass.add(new Member(request, ready.adapter(), template.orElseThrow().head().task()));
        } else if (admission instanceof Admission.Refused refused) {
            for (UnlabeledText text : request.texts()) {
                output.refuse(text, request.adapterId(), refused.reason(), refused.message());
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
        for (int i = 0; i < predicted.size(); i++) {
            Member member = pass.get(i);
            answer(member, predicted.get(i).logits());
            for (StepInputAlarm raised : predicted.get(i).alarms()) {
                UnlabeledText text = member.request().texts().get(raised.position());
                alarms.tell(
                        raised.alarm(),
                        member.adapter(),
                        text.id(),
                        text.eventTime(),
                        text.origin());
            }
        }
        pass.clear();
        adapters.endPass();
    }

    private void answer(Member member, float[][] logits) {
        List<String> labels = member.adapter().labels().active();
        String adapterId = member.request().adapterId();
        for (int i = 0; i < logits.length; i++) {
            UnlabeledText text = member.request().texts().get(i);
            if (isFinite(logits[i])) {
                output.emit(
                        new TextPrediction(
                                text.id(),
                                adapterId,
                                member.adapter().meta().step(),
                                text.eventTime(),
                                new Prediction(
                                        member.task().said(logits[i], labels),
                                        member.task().probabilities(logits[i], labels))));
            } else {
                output.refuse(
                        text,
                        adapterId,
                        DeadLetterReason.NOT_FINITE,
                        "the prediction is not finite; correct the text and send it again");
            }
        }
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
