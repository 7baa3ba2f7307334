package io.rankstream.job.metrics;

/** Mean of the newest values. One thread adds, any may ask. */
public final class RecentMean {

    private final double[] values;
    private long count;
    private volatile double mean = Double.NaN;

    /**
     * @param newest how many values it looks back on
     */
    public RecentMean(int newest) {
        values = new double[newest];
    }

    public void add(double value) {
        values[(int) (count % values.length)] = value;
        count++;
        int known = (int) Math.min(count, values.length);
        double sum = 0;
        for (int i = 0; i < known; i++) {
            sum += values[i];
        }
        mean = sum / known;
    }

    /** The mean; NaN before the first value. */
    public double mean() {
        return mean;
    }
}
