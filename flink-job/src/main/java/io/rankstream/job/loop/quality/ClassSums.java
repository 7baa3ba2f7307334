package io.rankstream.job.loop.quality;

/**
 * Sums over inputs that have a label, and whose label came.
 *
 * @param labels how many
 * @param weight inputs that they stand for where all labels come
 * @param right those of them whose label was predicted
 */
record ClassSums(long labels, double weight, double right) {

    ClassSums plus(ClassSums other) {
        return new ClassSums(labels + other.labels, weight + other.weight, right + other.right);
    }

    /** The same labels, standing for {@code scale} times as many inputs. */
    ClassSums times(double scale) {
        return new ClassSums(labels, scale * weight, scale * right);
    }
}
