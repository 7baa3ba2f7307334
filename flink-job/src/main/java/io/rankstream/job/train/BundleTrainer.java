package io.rankstream.job.train;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.training.AdapterBatch;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepAlarm;
import io.rankstream.adapters.training.StepInputAlarm;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.job.batch.MicroBatch;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.RefusedTarget;
import io.rankstream.job.train.measure.LearnedStep;
import io.rankstream.job.train.measure.MeasuredAdapters;
import io.rankstream.job.train.measure.MeasuredState;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * Trains micro-batches of different adapters, one optimizer step of each, and tells what came of
 * it. Examples that are refused are no matter of another adapter.
 *
 * <p>Those that go through the base model together are one pass. Their adapters are all on the
 * device meanwhile, so a pass is complete when they fill the cache, or when its tokens reach a
 * limit. Confined to the task's thread; every adapter becomes the current key in its turn.
 */
final class BundleTrainer {

    private final Adapters adapters;
    private final ConfiguredAdapters configured;
    private final int passTokens;
    private final Releases releases;
    private final KeyContext keys;
    private final TrainingOutput output;
    private final DriftAlarms alarms;
    private final FleetReport fleet;
    private final TrainMetrics metrics;
    private final MeasuredAdapters measured;
    private final OptionalInt unknownToken;

    /** The pass that is being put together; empty between two calls. */
    private final List<Member> pass = new ArrayList<>();

    /**
     * A micro-batch whose adapter is held on the device.
     *
     * @param examples those of the batch, in its order
     * @param tokens that its step takes through the base model
     */
    private record Member(
            TrainingTemplate template,
            LabelSet labels,
            List<EncodedExample> examples,
            AdapterBatch batch,
            int tokens) {

        static Member of(
                ResidentAdapter adapter, TrainingTemplate template, List<EncodedExample> examples) {
            LabelSet labels = adapter.labels();
            AdapterBatch batch =
                    new AdapterBatch(
                            adapter, examples.stream().map(Member::trainingExample).toList());
            return new Member(template, labels, examples, batch, batch.tokens());
        }

        private static TrainingExample trainingExample(EncodedExample example) {
            return new TrainingExample(example.tokens(), example.target(), example.uniform());
        }

        ResidentAdapter adapter() {
            return batch.adapter();
        }

        String adapterId() {
            return adapter().meta().adapterId();
        }
    }

    /**
     * @param passTokens tokens without padding that complete a pass; 0 makes one of every
     *     micro-batch
     * @param unknownToken id of the token for what the vocabulary does not have
     */
    BundleTrainer(
            Adapters adapters,
            ConfiguredAdapters configured,
            int passTokens,
            Releases releases,
            KeyContext keys,
            TrainingOutput output,
            DriftAlarms alarms,
            FleetReport fleet,
            TrainMetrics metrics,
            MeasuredAdapters measured,
            OptionalInt unknownToken) {
        this.adapters = adapters;
        this.configured = configured;
        this.passTokens = passTokens;
        this.releases = releases;
        this.keys = keys;
        this.output = output;
        this.alarms = alarms;
        this.fleet = fleet;
        this.metrics = metrics;
        this.measured = measured;
        this.unknownToken = unknownToken;
    }

    /** Trains on every example, or refuses it. */
    void train(List<MicroBatch> batches) throws Exception {
        for (MicroBatch batch : batches) {
            keys.setCurrentKey(batch.adapterId());
            join(batch);
            if (tokens() >= passTokens || adapters.isPassFull()) {
                runPass();
            }
        }
        runPass();
    }

    /** A batch may outlive its adapter's settings in the configuration, as keyed state does. */
    private void join(MicroBatch batch) throws Exception {
        Optional<TrainingTemplate> template = configured.template(batch.adapterId());
        if (template.isPresent()) {
            join(batch, template.get());
        } else {
            refuse(batch.examples(), Admission.Refused.unknown(batch.adapterId()));
        }
    }

    private void join(MicroBatch batch, TrainingTemplate template) throws Exception {
        String adapterId = batch.adapterId();
        Optional<Admission.Refused> misfit = adapters.misfit(adapterId, template);
        if (misfit.isPresent()) {
            refuse(batch.examples(), misfit.get());
            return;
        }
        List<EncodedExample> examples =
                fitting(batch, template.head().task(), adapters.labels(adapterId, template));
        if (examples.isEmpty()) {
            return;
        }
        metrics.lookedUp(adapters.resident(adapterId).isPresent());
        Admission admission = admit(adapterId, template);
        if (admission instanceof Admission.Ready ready) {
            pass.add(Member.of(ready.adapter(), template, examples));
        } else if (admission instanceof Admission.Refused refused) {
            refuse(examples, refused);
        }
    }

    /** New adapters of the pass give their places back if they learn nothing. */
    private Admission admit(String adapterId, TrainingTemplate template) throws Exception {
        Admission admission = adapters.admitToPass(adapterId, template);
        if (admission instanceof Admission.Refused refused
                && refused.isForWantOfAPlace()
                && !pass.isEmpty()) {
            runPass();
            keys.setCurrentKey(adapterId);
            return adapters.admitToPass(adapterId, template);
        }
        return admission;
    }

    private int tokens() {
        return pass.stream().mapToInt(Member::tokens).sum();
    }

    private void runPass() throws Exception {
        if (pass.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        List<StepOutcome> outcomes = adapters.train(pass.stream().map(Member::batch).toList());
        metrics.trained(tokens(), outcomes, Duration.ofNanos(System.nanoTime() - start));
        for (int i = 0; i < outcomes.size(); i++) {
            conclude(pass.get(i), outcomes.get(i));
        }
        pass.clear();
        adapters.endPass();
    }

    private void conclude(Member member, StepOutcome outcome) throws Exception {
        keys.setCurrentKey(member.adapterId());
        for (StepOutcome.Refusal refusal : outcome.refusals()) {
            output.refuse(
                    member.examples().get(refusal.index()),
                    DeadLetterReason.NOT_FINITE,
                    refusal.reason());
        }
        for (StepOutcome.Withheld withheld : outcome.withheld()) {
            output.emit(
                    StepRecords.withheld(
                            member.examples().get(withheld.index()),
                            withheld.prediction(),
                            member.labels(),
                            member.adapter().meta().step()));
        }
        if (outcome.report().isPresent()) {
            emitStep(member, outcome, outcome.report().get());
            fleet.stepped(member.adapter(), member.template(), outcome.report().get());
            releases.releaseIfDue(member.adapter(), member.template());
            measured.stepped(learned(member, outcome));
        }
    }

    private LearnedStep learned(Member member, StepOutcome outcome) {
        List<Double> losses = new ArrayList<>();
        int tokens = 0;
        int unknownTokens = 0;
        for (int i = 0; i < outcome.trained().size(); i++) {
            EncodedExample example = member.examples().get(outcome.trained().get(i));
            int[] ids =
                    example.tokens().windows().stream()
                            .flatMapToInt(window -> Arrays.stream(window.ids()))
                            .toArray();
            losses.add((double) outcome.predictions().get(i).loss());
            tokens += ids.length;
            unknownTokens += (int) Arrays.stream(ids).filter(id -> isUnknown(id)).count();
        }
        StepReport report = outcome.report().orElseThrow();
        return new LearnedStep(
                MeasuredState.of(member.adapter()),
                report.alarms().size(),
                report.replayed().examples(),
                losses,
                tokens,
                unknownTokens);
    }

    private boolean isUnknown(int token) {
        return unknownToken.isPresent() && token == unknownToken.getAsInt();
    }

    private void emitStep(Member member, StepOutcome outcome, StepReport report) {
        for (int i = 0; i < outcome.trained().size(); i++) {
            output.emit(
                    StepRecords.prediction(
                            member.examples().get(outcome.trained().get(i)),
                            outcome.predictions().get(i),
                            member.labels(),
                            report.step()));
        }
        output.emit(
                StepRecords.report(
                        member.adapter().meta(), member.labels(), report, outcome.forgetting()));
        for (StepAlarm raised : report.alarms()) {
            alarms.tell(
                    raised.alarm(),
                    report.step(),
                    member.examples().get(outcome.trained().get(raised.position())));
        }
        for (StepInputAlarm raised : report.inputAlarms()) {
            EncodedExample example =
                    member.examples().get(outcome.trained().get(raised.position()));
            alarms.tell(
                    raised.alarm(),
                    member.adapter(),
                    example.id(),
                    example.eventTime(),
                    example.origin());
        }
    }

    /** The batch without examples whose target the adapter cannot learn. */
    private List<EncodedExample> fitting(MicroBatch batch, Task<?> task, LabelSet labels) {
        List<EncodedExample> known = new ArrayList<>();
        for (EncodedExample example : batch.examples()) {
            Optional<? extends Fit.Refused<?>> refused =
                    task.fitIn(example.tokens(), example.target(), example.adapterId(), labels)
                            .refusal();
            if (refused.isEmpty()) {
                known.add(example);
            } else {
                metrics.refused(1);
                output.refuse(
                        example,
                        reason(refused.get().reason()),
                        RefusedTarget.message(refused.get()));
            }
        }
        return known;
    }

    private static DeadLetterReason reason(Fit.Reason reason) {
        return switch (reason) {
            case UNKNOWN_LABEL, RETIRED_LABEL -> DeadLetterReason.UNKNOWN_LABEL;
            case NOT_FINITE -> DeadLetterReason.NOT_FINITE;
            case NO_NUMBER, NO_LABEL, NO_SPAN -> DeadLetterReason.TARGET_MISMATCH;
        };
    }

    private void refuse(List<EncodedExample> examples, Admission.Refused refused) {
        metrics.refused(examples.size());
        for (EncodedExample example : examples) {
            output.refuse(example, refused.reason(), refused.message());
        }
    }
}
