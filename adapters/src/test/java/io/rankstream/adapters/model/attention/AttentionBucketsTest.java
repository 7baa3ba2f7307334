package io.rankstream.adapters.model.attention;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttentionBucketsTest {

    @Test
    void putTextsOfLikeLengthTogether() {
        AttentionBuckets buckets = AttentionBuckets.of(List.of(20, 100, 19, 98, 21), Device.cpu());

        assertThat(buckets.buckets())
                .containsExactly(
                        new AttentionBuckets.Bucket(List.of(1, 3), 100),
                        new AttentionBuckets.Bucket(List.of(4, 0, 2), 21));
    }

    @Test
    void holdALongTextAlone() {
        assertThat(AttentionBuckets.of(List.of(400, 300), Device.cpu()).buckets())
                .extracting(AttentionBuckets.Bucket::texts)
                .containsExactly(List.of(0), List.of(1));
    }

    @Test
    void doNotGrowWithoutEnd() {
        List<Integer> short64 = Collections.nCopies(64, 16);

        assertThat(AttentionBuckets.of(short64, Device.cpu()).buckets())
                .allSatisfy(bucket -> assertThat(bucket.texts()).hasSize(16))
                .flatExtracting(AttentionBuckets.Bucket::texts)
                .containsExactlyElementsOf(IntStream.range(0, 64).boxed().toList());
    }

    @Test
    void areLargerOnAGpu() {
        assertThat(AttentionBuckets.of(List.of(20, 400, 300), Device.gpu()).buckets())
                .containsExactly(new AttentionBuckets.Bucket(List.of(1, 2, 0), 400));
        assertThat(AttentionBuckets.of(Collections.nCopies(64, 512), Device.gpu()).buckets())
                .hasSize(2);
    }

    @Test
    void sayWhatTheyPadEachTextTo() {
        assertThat(AttentionBuckets.of(List.of(20, 100, 19, 98, 21), Device.cpu()).paddedLengths())
                .containsExactly(21, 100, 21, 100, 21);
    }
}
