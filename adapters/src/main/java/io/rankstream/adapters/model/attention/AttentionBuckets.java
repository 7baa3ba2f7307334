package io.rankstream.adapters.model.attention;

import ai.djl.Device;
import io.rankstream.adapters.engine.LikeSizes;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts of a packed batch grouped by length: attention wants texts of one length side by side, and
 * the closer their lengths, the less it computes for padding.
 *
 * @param buckets each text in exactly one of them
 */
public record AttentionBuckets(List<Bucket> buckets) {

    /**
     * Most tokens of a bucket of several texts on the CPU, padding included: the scores of one
     * bucket stay in the processor's cache, and short texts still come many at a time.
     */
    private static final int CPU_TOKENS = 256;

    /** The same on a GPU, where what starts a product takes longer than the product. */
    private static final int GPU_TOKENS = 16_384;

    /**
     * Texts that attention computes at once.
     *
     * @param texts their places in the batch, longest first
     * @param length tokens of the longest
     */
    record Bucket(List<Integer> texts, int length) {
        Bucket {
            texts = List.copyOf(texts);
        }
    }

    public AttentionBuckets {
        buckets = List.copyOf(buckets);
    }

    /** Buckets for texts of these lengths that are computed on {@code device}. */
    public static AttentionBuckets of(List<Integer> lengths, Device device) {
        int tokens = device.isGpu() ? GPU_TOKENS : CPU_TOKENS;
        List<Integer> texts = IntStream.range(0, lengths.size()).boxed().toList();
        List<Bucket> buckets =
                LikeSizes.split(texts, lengths::get, tokens).stream()
                        .map(bucket -> new Bucket(bucket, lengths.get(bucket.get(0))))
                        .toList();
        return new AttentionBuckets(buckets);
    }

    /** Tokens that attention computes for each text, padding included. */
    public List<Integer> paddedLengths() {
        Integer[] padded = new Integer[buckets.stream().mapToInt(b -> b.texts().size()).sum()];
        buckets.forEach(bucket -> bucket.texts().forEach(text -> padded[text] = bucket.length()));
        return List.of(padded);
    }
}
