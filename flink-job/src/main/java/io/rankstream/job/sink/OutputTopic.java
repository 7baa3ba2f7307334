package io.rankstream.job.sink;

import io.rankstream.job.config.settings.KafkaSettings;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * A topic that the job writes to. How large a record may be is asked whenever a task starts, so
 * that a changed topic is met by a restart.
 *
 * @param kafka its broker
 * @param name its name
 * @param producer options of the producer that writes to it
 */
record OutputTopic(KafkaSettings kafka, String name, Map<String, String> producer)
        implements Serializable {

    OutputTopic {
        producer = Map.copyOf(producer);
    }

    static OutputTopic of(KafkaSettings kafka, String name, Properties producer) {
        Map<String, String> options = new HashMap<>();
        producer.stringPropertyNames()
                .forEach(option -> options.put(option, producer.getProperty(option)));
        return new OutputTopic(kafka, name, options);
    }

    /**
     * Asks the broker.
     *
     * @param least bytes of the largest record that is written whole
     * @throws IOException if it cannot be asked, or the topic takes too little
     */
    RecordLimit limit(int least) throws IOException {
        try (Admin admin = Admin.create(kafka.impatientProperties())) {
            RecordLimit limit = RecordLimit.of(admin, name, producer);
            if (limit.bytes() < least) {
                throw new IOException(LargestRecords.tooSmall(name, limit, least));
            }
            return limit;
        } catch (ExecutionException e) {
            throw new IOException(kafka.unusable(e.getCause()), e.getCause());
        } catch (KafkaException e) {
            // without the cause, whose text may repeat a malformed option
            throw new IOException(kafka.unusable(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking for the limit of topic " + name, e);
        }
    }
}
