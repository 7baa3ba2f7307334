package io.rankstream.ops.stack;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** Main class of the broker's JVM: formats its folder at the first start, then serves. */
public final class BrokerMain {

    private BrokerMain() {}

    /**
     * Runs the broker until it is stopped.
     *
     * @param args path of a file with the broker's properties
     */
    public static void main(String[] args) throws Exception {
        Properties properties = read(Path.of(args[0]));
        String folder = properties.getProperty("log.dirs");
        if (!Files.exists(Path.of(folder, "meta.properties"))) {
            format(properties, folder);
        }
        KafkaRaftServer server =
                new KafkaRaftServer(new KafkaConfig(properties, true), Time.SYSTEM);
        server.startup();
        server.awaitShutdown();
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        return properties;
    }

    private static void format(Properties properties, String folder) throws Exception {
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setDirectories(List.of(folder))
                .setMetadataLogDirectory(Optional.of(folder))
                .run();
    }
}
