package io.rankstream.job.stream;

import io.rankstream.adapters.settings.TrainingTemplate;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The program that docs/library.md shows. */
final class FlinkExample {

    private FlinkExample() {}

    static LearningStreams learn(DataStream<LabeledText> mails) {
        // the page begins
        LearningStreams learned =
                Rankstream.learn(mails)
                        .template(TrainingTemplate.classification("ham", "spam").build())
                        .batch(4, Duration.ofSeconds(10))
                        .uidPrefix("mail-")
                        .build();
        learned.reports().map(report -> report.getAdapterId() + " " + report.getStep()).print();
        learned.refused().print();
        // the page ends
        return learned;
    }
}
