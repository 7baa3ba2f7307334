package io.rankstream.job.simulation;

import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.util.ArrayList;
import java.util.List;

/**
 * What the job sends to its sinks while it works on one entry of the log.
 *
 * @param offset the entry
 */
record Emission(
        long offset,
        List<TrainingReport> reports,
        List<CommandAnswer> answers,
        List<Prediction> predictions,
        List<PredictedInput> inputs,
        List<DeadLetter> letters,
        List<AdapterRelease> releases) {

    static Emission of(long offset) {
        return new Emission(
                offset,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
    }
}
