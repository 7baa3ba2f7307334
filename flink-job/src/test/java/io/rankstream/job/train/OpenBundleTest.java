package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.FIRST_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.MicroBatch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenBundleTest {

    private final OpenBundle bundle = new OpenBundle(10);

    @Test
    void keepsTheOrderInWhichMicroBatchesCame() {
        bundle.add(batch("c", 1));
        bundle.add(batch("a", 1));
        bundle.add(batch("b", 1));

        assertThat(bundle.batches())
                .extracting(MicroBatch::adapterId)
                .containsExactly("c", "a", "b");
    }

    @Test
    void isFullWhenItsTokensReachTheLimit() {
        bundle.add(batch("a", 4));
        bundle.add(batch("b", 5));
        assertThat(bundle.isFull()).isFalse();

        bundle.add(batch("c", 1));
        assertThat(bundle.isFull()).isTrue();
    }

    @Test
    void isFilledByAMicroBatchOfTheLimitAlone() {
        assertThat(bundle.isFilledBy(batch("a", 9))).isFalse();
        assertThat(bundle.isFilledBy(batch("a", 10))).isTrue();
    }

    @Test
    void isFilledByAnyMicroBatchWithoutALimit() {
        assertThat(new OpenBundle(0).isFilledBy(batch("a", 1))).isTrue();
    }

    @Test
    void startsAnewOnceAllIsTaken() {
        bundle.add(batch("a", 9));

        assertThat(bundle.takeAll()).extracting(MicroBatch::adapterId).containsExactly("a");

        assertThat(bundle.isEmpty()).isTrue();
        assertThat(bundle.has("a")).isFalse();
        bundle.add(batch("a", 9));
        assertThat(bundle.isFull()).isFalse();
    }

    private static MicroBatch batch(String adapterId, int tokens) {
        int[] ids = new int[tokens];
        Arrays.fill(ids, FIRST_TOKEN);
        return new MicroBatch(adapterId, List.of(Examples.of(adapterId, 0, 0, ids)));
    }
}
