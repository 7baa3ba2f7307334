package io.rankstream.ops.cli.option;

import io.rankstream.adapters.text.Program;
import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.preflight.PreflightException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Asks a broker for a sign of life before a command asks it for anything else. */
public final class BrokerContact {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private BrokerContact() {}

    /**
     * Returns when the broker has answered.
     *
     * @param err where it is said that the answer is late
     * @throws PreflightException if there is none within {@link KafkaSettings#ANSWER_LIMIT}, or the
     *     broker cannot be used
     */
    public static void require(KafkaSettings kafka, PrintWriter err)
            throws PreflightException, InterruptedException {
        Admin admin = null;
        try {
            admin = Admin.create(kafka.impatientProperties());
            await(admin.describeCluster().nodes(), kafka, err);
        } catch (ExecutionException e) {
            throw new PreflightException(kafka.unusable(e.getCause()), e.getCause());
        } catch (KafkaException | IllegalArgumentException e) {
            // without the cause, whose text goes to the log and may repeat a malformed option
            throw new PreflightException(kafka.unusable(e));
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private static void await(Future<?> answer, KafkaSettings kafka, PrintWriter err)
            throws ExecutionException, InterruptedException {
        try {
            answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            err.println(
                    "rankstream: the broker at %s has not answered for %d s; '%s' starts one on this machine, kafka.bootstrap-servers or --bootstrap-servers names another; waiting for up to %d s"
                            .formatted(
                                    kafka.bootstrapServers(),
                                    PATIENCE.toSeconds(),
                                    Program.command("stack"),
                                    KafkaSettings.ANSWER_LIMIT.toSeconds()));
            err.flush();
            answer.get();
        }
    }
}
