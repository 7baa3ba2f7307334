package io.rankstream.job.stream;

import io.rankstream.adapters.AdapterTemplate;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;

/** The program that docs/library.md shows. */
final class FlinkExample {

    private FlinkExample() {}

    static LearningStreams learn(DataStream<LabeledText> mails) {
        // the page begins
        LearningStreams learned =
                Rankstream.learn(mails)
                        .template(AdapterTemplate.classification("ham", "spam").build())
                        .adapter("rating", AdapterTemplate.regression().build())
                        .threads(2)
                        .batch(4, Duration.ofSeconds(10))
                        .uidPrefix("mail-")
                        .build();
        learned.reports().map(report -> report.getAdapterId() + " " + report.getStep()).print();
        learned.refused().print();
        // the page ends
        return learned;
    }
}
