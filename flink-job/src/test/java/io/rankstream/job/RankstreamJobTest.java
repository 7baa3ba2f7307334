package io.rankstream.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a job was told to begin with, where Flink's high availability knows what it goes on from.
 */
class RankstreamJobTest {

    @TempDir Path folder;

    private final Configuration flink = new Configuration();

    @BeforeEach
    void beginWithASavepoint() {
        flink.set(StateRecoveryOptions.SAVEPOINT_PATH, folder.toUri().toString());
    }

    @Test
    void isNotAskedForOnceItIsGone() {
        recoverByFlink();

        assertThat(begun()).isFalse();
    }

    @Test
    void isLookedIntoAsLongAsItIsThere() throws Exception {
        recoverByFlink();
        try (var metadata =
                RankstreamJobTest.class.getResourceAsStream(
                        "/savepoints/format-2/savepoint/_metadata")) {
            Files.copy(metadata, folder.resolve("_metadata"));
        }

        assertThat(begun()).isTrue();
    }

    @Test
    void isRequiredWhereNobodyElseKnows() {
        assertThat(begun()).isTrue();
    }

    private void recoverByFlink() {
        flink.set(HighAvailabilityOptions.HA_MODE, "kubernetes");
        flink.set(
                PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID, "00000000000000000000000000000001");
    }

    private boolean begun() {
        return RankstreamJob.withoutVanishedState(flink)
                .contains(StateRecoveryOptions.SAVEPOINT_PATH);
    }
}
