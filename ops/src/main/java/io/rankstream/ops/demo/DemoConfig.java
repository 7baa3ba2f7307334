package io.rankstream.ops.demo;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The demo's configuration file. */
public final class DemoConfig {

    private DemoConfig() {}

    /**
     * Text of the file.
     *
     * @param labels labels by adapter
     */
    static String yaml(
            DemoOptions options,
            OutputFolder out,
            String bootstrapServers,
            String registryUrl,
            Map<String, List<String>> labels) {
        return """
               # Written by 'rankstream demo'. With --keep-running, broker and registry stay up and
               # 'run --config' on this file learns from all of it anew.
               kafka:
                 bootstrap-servers: %s
                 group-id: rankstream-demo
                 bounded: true
               registry:
                 url: %s
               model:
                 max-length: %d
                 threads: %d
                 device: %s
               batch:
                 max-examples: %d
                 max-tokens: %d # never the first limit
                 linger: 0 s # closed by count alone, so that two runs are the same
               publish:
                 directory: %s
               training:
                 seed: %d
               adapters:
               %sflink:
                 parallelism.default: 1
                 execution.checkpointing.interval: 10 s
                 execution.checkpointing.dir: %s
                 restart-strategy.type: none # a demo that fails shall say so
               """
                .formatted(
                        quoted(bootstrapServers),
                        quoted(registryUrl),
                        options.maxLength(),
                        options.threads(),
                        options.device(),
                        options.batchSize(),
                        options.batchSize() * options.maxLength(),
                        quoted(out.adapters().toString()),
                        options.seed(),
                        adapters(labels),
                        quoted(out.checkpoints().toUri().toString()));
    }

    /** Entries of the section {@code adapters}, two spaces in. */
    public static String adapters(Map<String, List<String>> labels) {
        return labels.entrySet().stream()
                .map(
                        adapter ->
                                "  %s:%n    labels: [%s]%n"
                                        .formatted(adapter.getKey(), list(adapter.getValue())))
                .collect(Collectors.joining());
    }

    private static String list(List<String> values) {
        return values.stream().map(DemoConfig::quoted).collect(Collectors.joining(", "));
    }

    /** A value that YAML reads as this text. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
