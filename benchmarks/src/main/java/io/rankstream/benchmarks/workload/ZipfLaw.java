package io.rankstream.benchmarks.workload;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Numbers from 0 on, the k-th of them with a probability that falls as 1/k to the exponent. */
public final class ZipfLaw {

    private final double[] cumulative;

    public ZipfLaw(int numbers, double exponent) {
        cumulative = new double[numbers];
        double sum = 0;
        for (int k = 0; k < numbers; k++) {
            sum += Math.pow(k + 1, -exponent);
            cumulative[k] = sum;
        }
    }

    public int draw(RandomGenerator random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, at);
        return found < 0 ? -found - 1 : found + 1;
    }
}
