package io.rankstream.benchmarks.workload;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.option.DeviceSetting;
import io.rankstream.ops.demo.DemoConfig;
import io.rankstream.ops.demo.MailStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The pipeline's defaults for the mail stream, for runs without broker and registry. */
public final class MailConfig {

    /** Where streams are compared. */
    public static final DeviceSetting CPU = DeviceSetting.parse("cpu");

    private MailConfig() {}

    /**
     * Effective configuration, on the CPU.
     *
     * @param overrides lines below {@code training:}, as key: value
     */
    public static JobConfig of(
            MailStream mails, int maxLength, int batchSize, int threads, List<String> overrides)
            throws ConfigException {
        return of(mails.labels(), maxLength, batchSize, threads, CPU, overrides);
    }

    /** As above, of adapters with these labels on this device. */
    public static JobConfig of(
            Map<String, List<String>> labels,
            int maxLength,
            int batchSize,
            int threads,
            DeviceSetting device,
            List<String> overrides)
            throws ConfigException {
        return of(Optional.empty(), labels, maxLength, batchSize, threads, device, overrides);
    }

    /** As above, over the model of a directory, or the embedded one. */
    public static JobConfig of(
            Optional<Path> model,
            Map<String, List<String>> labels,
            int maxLength,
            int batchSize,
            int threads,
            DeviceSetting device,
            List<String> overrides)
            throws ConfigException {
        String yaml =
                """
                kafka.bootstrap-servers: unused:9092
                registry.url: http://unused
                publish.directory: unused
                model.max-length: %d
                model.threads: %d
                model.device: %s
                batch.max-examples: %d
                %s%sadapters:
                %s"""
                        .formatted(
                                maxLength,
                                threads,
                                device,
                                batchSize,
                                model.map(
                                                own ->
                                                        "model.directory: %s%n"
                                                                .formatted(
                                                                        DemoConfig.quoted(
                                                                                own.toString())))
                                        .orElse(""),
                                overrides.stream()
                                        .map(line -> "training." + line + "\n")
                                        .collect(Collectors.joining()),
                                DemoConfig.adapters(labels));
        return ConfigFile.parse(yaml, "the benchmark's configuration");
    }
}
