package io.rankstream.adapters.drift;

import io.rankstream.adapters.mixture.Evidence;
import io.rankstream.adapters.mixture.Mixture;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.mixture.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Examples whose vectors tell their labels, of a head that knows nothing and of no words. */
final class LinearStream {

    static final int LABELS = 3;
    static final int FEATURES = 6;

    record Example(Evidence evidence, int label) {}

    private LinearStream() {}

    static Mixture mixture() {
        return new Mixture(MixtureState.empty(LABELS, FEATURES));
    }

    static int[] rows() {
        return IntStream.range(0, LABELS).toArray();
    }

    /** From {@code change} on, the first two labels have exchanged their meaning. */
    static List<Example> exchanging(int examples, int change, long seed) {
        Random random = new Random(seed);
        List<Example> stream = new ArrayList<>();
        for (int i = 0; i < examples; i++) {
            int meaning = random.nextInt(LABELS);
            float[] vector = new float[FEATURES];
            for (int j = 0; j < FEATURES; j++) {
                vector[j] = (float) (random.nextGaussian() * .5 + (j == meaning ? 2 : 0));
            }
            int label = i < change || meaning == 2 ? meaning : 1 - meaning;
            stream.add(new Example(new Evidence(new float[LABELS], vector, new int[0]), label));
        }
        return stream;
    }

    /** Whether the mixture was right, and what alarm that raised; both have learned it then. */
    static Learned learn(DriftWatch watch, Mixture mixture, Example example) {
        int[] rows = rows();
        Said said = mixture.say(example.evidence(), rows);
        mixture.learn(example.evidence(), said, example.label());
        boolean right = said.row() == example.label();
        Optional<DriftAlarm> alarm = watch.predicted(right);
        watch.learned(mixture, example.evidence().vector(), rows, example.label(), alarm);
        return new Learned(right, alarm);
    }

    record Learned(boolean right, Optional<DriftAlarm> alarm) {}
}
