package io.rankstream.ops.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.rankstream.job.version.VersionFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFailedExceptionTest {

    @TempDir private Path publish;

    @Test
    void aJobMayGoOnAfterAFailureThatMayPass() {
        assertThat(failed(new RuntimeException(new IOException("disk full"))).mayGoOn()).isTrue();
    }

    @Test
    void aJobWhoseVersionIsPublishedAlreadyMayNotGoOnFromItsNewestState() throws Exception {
        VersionFolder folder = VersionFolder.of(publish.toString(), "spam", 7);
        folder.write(new TreeMap<>(), manifest(1));
        folder.commit(manifest(1));
        Throwable taken = catchThrowable(() -> folder.commit(manifest(2)));

        for (Throwable failure :
                new Throwable[] {
                    taken, new RuntimeException(taken), new SerializedThrowable(taken)
                }) {
            assertThat(failed(failure)).hasMessageContaining("is published already");
            assertThat(failed(failure).mayGoOn()).isFalse();
        }
    }

    private static byte[] manifest(int step) {
        return "{\"step\":%d}".formatted(step).getBytes(StandardCharsets.UTF_8);
    }

    private static JobFailedException failed(Throwable cause) {
        return new JobFailedException(new RootCause("unused:9092"), cause);
    }
}
