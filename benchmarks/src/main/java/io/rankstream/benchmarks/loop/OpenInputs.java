package io.rankstream.benchmarks.loop;

import io.rankstream.adapters.state.Seeds;
import io.rankstream.adapters.task.Target;
import io.rankstream.job.input.GivenPrediction;
import io.rankstream.job.input.Input;
import io.rankstream.job.input.LabelProbabilities;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.loop.vote.VoteSerializer;
import io.rankstream.job.record.RawRecord;
import io.rankstream.schemas.VoteKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Inputs by their numbers, a millisecond apart, and votes on some of those that have come. */
final class OpenInputs extends ProcessFunction<Long, PredictedInput> {

    private static final long serialVersionUID = 1L;

    static final OutputTag<Vote> VOTES = new OutputTag<>("votes", VoteSerializer.TYPE);

    /** Inputs between one and a vote on it. */
    private static final long DELAY = 10_000;

    private static final long START = 1_700_000_000_000L;

    private final int adapters;
    private final int characters;
    private final double votes;

    OpenInputs(int adapters, int characters, double votes) {
        this.adapters = adapters;
        this.characters = characters;
        this.votes = votes;
    }

    @Override
    public void processElement(Long number, Context context, Collector<PredictedInput> out) {
        out.collect(
                PredictedInput.given(
                        new Input(
                                id(number),
                                adapter(number),
                                text(number),
                                Optional.empty(),
                                Map.of(),
                                START + number,
                                Optional.of(prediction(number)),
                                record("unlabeled-inputs", number))));
        long voted = number - DELAY;
        if (voted >= 0 && (Seeds.derive(1, voted) >>> 11) * 0x1p-53 < votes) {
            context.output(
                    VOTES,
                    new Vote(
                            "vote-" + voted,
                            1,
                            id(voted),
                            adapter(voted),
                            Optional.empty(),
                            "annotator-" + voted % 7,
                            VoteKind.VOTE,
                            Optional.of(new Target.Label(voted % 3 == 0 ? "spam" : "ham")),
                            0,
                            START + number,
                            record("labels", voted)));
        }
    }

    private static String id(long number) {
        return "%016x".formatted(Seeds.derive(0, number));
    }

    private String adapter(long number) {
        return "tenant-" + number % adapters;
    }

    /** Words that compress about as well as those of mails do. */
    private String text(long number) {
        SplittableRandom random = new SplittableRandom(number);
        StringBuilder text = new StringBuilder(characters + 8);
        while (text.length() < characters) {
            text.append(Integer.toString(random.nextInt(2_000) * 37 + 1_000, 36)).append(' ');
        }
        return text.toString();
    }

    private static GivenPrediction prediction(long number) {
        float spam = (number * 31 % 100) / 100f;
        return new GivenPrediction(
                "7", new LabelProbabilities(List.of("ham", "spam"), new float[] {1 - spam, spam}));
    }

    private static RawRecord record(String topic, long offset) {
        return new RawRecord(topic, 0, offset, new byte[0], new byte[0]);
    }
}
