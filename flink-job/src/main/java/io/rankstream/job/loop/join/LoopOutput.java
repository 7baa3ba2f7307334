package io.rankstream.job.loop.join;

import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.InputPrediction;
import io.rankstream.schemas.LabelOutcome;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.LabeledExample;

/** What the loop tells. */
public interface LoopOutput {

    void emit(InputPrediction prediction);

    void emit(LabelRequest request);

    void emit(LabelOutcome outcome);

    void emit(LabeledExample example);

    void emit(AdapterQuality quality);

    /** Makes a dead letter of a record. */
    void refuse(RawRecord origin, String adapterId, DeadLetterReason reason, String message);

    /** A revision of a vote came again, and changed nothing. */
    void duplicate();
}
