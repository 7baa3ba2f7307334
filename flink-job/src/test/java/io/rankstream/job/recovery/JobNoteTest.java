package io.rankstream.job.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobNoteTest {

    private static final JobIdentity JOB = new JobIdentity("tickets");

    @TempDir Path temp;

    private final Configuration flink = new Configuration();
    private Path folder;

    @BeforeEach
    void configure() {
        folder = temp.resolve("checkpoints");
        flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    }

    @Test
    void isReplacedAsAWholeAndLeavesNothingElse() throws Exception {
        JobNote.running(JOB, flink).write("a longer line than the next");
        JobNote.running(JOB, flink).write("next");

        assertThat(JobNote.running(JOB, flink).read()).contains("next");
        assertThat(folder.toFile().list()).containsExactly(JOB.digest() + ".running");
    }

    @Test
    void leavesNothingWhereItCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve(JOB.digest() + ".running").resolve("in the way"));

        assertThatThrownBy(() -> JobNote.running(JOB, flink).write("line"))
                .isInstanceOf(IOException.class);
        assertThat(folder.toFile().list()).containsExactly(JOB.digest() + ".running");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "h",
                "http",
                "http:",
                "http://",
                "http://127.0.0.1",
                "http://127.0.0.1:",
                "http://127.0.0.1:0",
                "http://127.0.0.1:99999",
                "http://127.0.0.1:99999999999",
                "http://:8081",
                "not an address",
                "\u0000\u0000"
            })
    void ofARunningJobThatIsNotWholeIsNoLiveJobs(String cut) throws Exception {
        JobConfig config = config();
        JobNote.running(JOB, flink).write(cut);

        assertThat(LiveJob.find(config, config.flink())).isEmpty();
        assertThat(LiveJob.notedAt(config)).isEmpty();
        LiveJob.requireNone(config, config.flink());
        LiveJob.note(config, URI.create("http://127.0.0.1:8081"));
        assertThat(JobNote.running(JOB, flink).read()).contains("http://127.0.0.1:8081");
    }

    @Test
    void isTakenBackByTheStartThatHasWrittenIt() throws Exception {
        JobConfig config = config();
        URI earlier = URI.create("http://127.0.0.1:8081");
        URI later = URI.create("http://127.0.0.1:8082");
        LiveJob.note(config, earlier);
        LiveJob.note(config, later);

        assertThat(LiveJob.notedAt(config)).contains(later.toString());
        LiveJob.forget(config, earlier);
        assertThat(JobNote.running(JOB, flink).read()).contains(later.toString());

        LiveJob.forget(config, later);
        assertThat(JobNote.running(JOB, flink).read()).isEmpty();
        assertThat(LiveJob.notedAt(config)).isEmpty();
    }

    private JobConfig config() throws Exception {
        return ConfigFile.parse(
                """
                kafka.bootstrap-servers: nobody:9092
                kafka.group-id: tickets
                registry.url: http://nobody:8081
                publish.directory: '%s'
                adapters: {spam: {labels: [ham, spam]}}
                flink.%s: '%s'
                """
                        .formatted(
                                temp.resolve("published"),
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                                folder.toUri()),
                "rankstream.yaml");
    }
}
