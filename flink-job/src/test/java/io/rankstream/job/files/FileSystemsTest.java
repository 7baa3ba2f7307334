package io.rankstream.job.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemsTest {

    @ParameterizedTest
    @ValueSource(strings = {"http", "https", "foo", "s3", "hdfs"})
    void aSchemeThatNobodyServesIsOneSentenceThatNamesThoseThereAre(String scheme) {
        assertThatThrownBy(() -> FileSystems.of(new Path(scheme + "://host/x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no file system for '%s:' here", scheme)
                .hasMessageContaining("one of file:")
                .message()
                .doesNotContain("Hadoop", ". ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x", "file:///x", "x"})
    void pathsOfThisMachineNeedNoPlugin(String path) throws IOException {
        assertThat(FileSystems.of(new Path(path)).isDistributedFS()).isFalse();
    }
}
