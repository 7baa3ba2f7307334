package io.rankstream.job.loop.join;

import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.OutcomeStatus;
import java.util.ArrayList;
import java.util.List;

/** What the loop has told, in order; what is told after a checkpoint can be taken back. */
final class Told implements LoopOutput {

    /** A record that was refused. */
    record Refused(String topic, DeadLetterReason reason, String message) {}

    /** A revision of a vote that came again. */
    record Duplicate() {}

    private final List<Object> all = new ArrayList<>();

    int size() {
        return all.size();
    }

    void takeBack(int size) {
        all.subList(size, all.size()).clear();
    }

    List<Object> all() {
        return all;
    }

    <T> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<OutcomeStatus> statuses() {
        return of(LabelOutcome.class).stream().map(LabelOutcome::getStatus).toList();
    }

    List<DeadLetterReason> reasons() {
        return of(Refused.class).stream().map(Refused::reason).toList();
    }

    @Override
    public void emit(InputPrediction prediction) {
        all.add(prediction);
    }

    @Override
    public void emit(LabelRequest request) {
        all.add(request);
    }

    @Override
    public void emit(LabelOutcome outcome) {
        all.add(outcome);
    }

    @Override
    public void emit(LabeledExample example) {
        all.add(example);
    }

    @Override
    public void emit(AdapterQuality quality) {
        all.add(quality);
    }

    @Override
    public void refuse(
            RawRecord origin, String adapterId, DeadLetterReason reason, String message) {
        all.add(new Refused(origin.topic(), reason, message));
    }

    @Override
    public void duplicate() {
        all.add(new Duplicate());
    }
}
