package io.rankstream.adapters.adalora;

import io.rankstream.adapters.model.ModuleShape;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Global rank allocation: the triplets of all modules of an adapter compete for one budget by their
 * importance (eq. 5 to 7 of the paper).
 */
public final class RankAllocator {
    private RankAllocator() {}

    /**
     * Importance of every triplet: {@code S_i = s(E_i) + mean_j s(A_ij) + mean_j s(B_ji)} with
     * {@code s = Ī · Ū} by element (eq. 7 and 11).
     *
     * @param sensitivity Ī in the order of {@code layout}
     * @param uncertainty Ū in the order of {@code layout}
     * @return one score a triplet, module after module
     */
    public static float[] scores(TripletLayout layout, float[] sensitivity, float[] uncertainty) {
        int rank = layout.rank();
        float[] scores = new float[layout.triplets()];
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            for (int i = 0; i < rank; i++) {
                int e = layout.offsetE(k) + i;
                int a = layout.offsetA(k) + i * shape.in();
                int b = layout.offsetB(k) + i;
                double value = (double) sensitivity[e] * uncertainty[e];
                value += mean(sensitivity, uncertainty, a, 1, shape.in());
                value += mean(sensitivity, uncertainty, b, rank, shape.out());
                scores[k * rank + i] = (float) value;
            }
        }
        return scores;
    }

    /**
     * Importance of every module: the sum of its triplets' scores.
     *
     * @param scores what {@link #scores} gave
     */
    public static double[] moduleScores(TripletLayout layout, float[] scores) {
        double[] sums = new double[layout.modules().size()];
        for (int i = 0; i < scores.length; i++) {
            sums[i / layout.rank()] += scores[i];
        }
        return sums;
    }

    private static double mean(
            float[] sensitivity, float[] uncertainty, int offset, int stride, int count) {
        double sum = 0;
        for (int j = 0; j < count; j++) {
            int at = offset + j * stride;
            sum += (double) sensitivity[at] * uncertainty[at];
        }
        return sum / count;
    }

    /**
     * The {@code budget} triplets of highest score. Of equal scores the later triplet stays, so
     * that exactly {@code budget} are kept; the published code prunes every tied one.
     *
     * @return per triplet, whether it is kept
     */
    public static boolean[] keep(float[] scores, int budget) {
        if (budget < 0 || budget > scores.length) {
            throw new IllegalArgumentException(
                    "budget is " + budget + ", expected 0 to " + scores.length);
        }
        boolean[] live = new boolean[scores.length];
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .skip(scores.length - budget)
                .forEach(i -> live[i] = true);
        return live;
    }
}
