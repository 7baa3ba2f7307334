package io.rankstream.ops.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.registry.WireFormat;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.ops.run.JobFailedException;
import io.rankstream.ops.run.RunningJob;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RegistryOutageIT {

    private static final String OPTIONS =
            """
            batch.max-examples: 1
            registry.outage-timeout: 2 s
            adapters:
              spam: {labels: [ham, spam]}
            """;

    private static final int NEVER_ASKED_FOR = 987_654_321;

    @TempDir Path folder;

    @Test
    @Timeout(180)
    void aRegistryThatIsGoneFailsTheJobAndMakesNoDeadLetter() throws Exception {
        LabeledExample mail = MailStream.open().examples(1).get(0);
        try (JobFixture job = JobFixture.start(folder, OPTIONS);
                RunningJob running = startAndLearn(job, mail)) {
            job.stack().registry().close();
            job.send("spam", WireFormat.encode(NEVER_ASKED_FOR, mail));

            assertThatThrownBy(running::await)
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("registry");
            try (TopicReader<DeadLetter> deadLetters =
                    TopicReader.live(
                            job.stack().bootstrapServers(),
                            job.config().topics().of(Topic.DEAD_LETTERS),
                            DeadLetter.getClassSchema())) {
                assertThat(deadLetters.readToEnd()).isEmpty();
            }
        }
    }

    /** Starts the job and waits until it has learned from one example. */
    private static RunningJob startAndLearn(JobFixture job, LabeledExample mail) throws Exception {
        job.send("spam", job.encoded(mail));
        RunningJob running = RunningJob.start(job.config());
        try (TopicReader<Prediction> predictions =
                TopicReader.live(
                        job.stack().bootstrapServers(),
                        job.config().topics().of(Topic.PREDICTIONS),
                        Prediction.getClassSchema())) {
            List<Prediction> seen = predictions.poll();
            while (seen.isEmpty() && !running.hasEnded()) {
                seen = predictions.poll();
            }
        }
        return running;
    }
}
