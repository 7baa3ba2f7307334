package io.rankstream.ops.demo.labeling;

import static io.rankstream.ops.demo.DemoConfig.quoted;

import io.rankstream.ops.demo.DemoOptions;
import io.rankstream.ops.demo.OutputFolder;
import io.rankstream.ops.stack.LocalStack;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration file of the demo with a labeling loop. */
final class LabelingConfig {

    private LabelingConfig() {}

    /**
     * Text of the file.
     *
     * @param labels labels by task; each task has an adapter for every {@link Contender}
     */
    static String yaml(
            DemoOptions options,
            OutputFolder out,
            LocalStack stack,
            Map<String, List<String>> labels) {
        return """
               # Written by 'rankstream demo --labeling'. With --keep-running, broker and registry stay
               # up, and 'run --config' on this file goes through all of it anew.
               kafka:
                 bootstrap-servers: %s
                 group-id: rankstream-demo
               registry:
                 url: %s
               model:
                 max-length: %d
                 threads: %d
                 device: %s
               batch:
                 max-examples: %d
                 linger: 1 s # a label shall not wait for three others
               publish:
                 directory: %s
               training:
                 seed: %d
               loop:
                 mode: train
                 budget-share: %s
                 horizon: 30 d # of the mails' time, of which a day takes a second here
                 corrections: 30 d
                 window: 60 d # that the estimate is of
               adapters:
               %sflink:
                 parallelism.default: 1
                 execution.checkpointing.interval: 500 ms # what is asked is seen with a checkpoint
                 execution.checkpointing.dir: %s
                 restart-strategy.type: none # a demo that fails shall say so
               """
                .formatted(
                        quoted(stack.bootstrapServers()),
                        quoted(stack.registryUrl()),
                        options.maxLength(),
                        options.threads(),
                        options.device(),
                        options.batchSize(),
                        quoted(out.adapters().toString()),
                        options.seed(),
                        Contender.SELECTED.budgetShare(),
                        adapters(labels),
                        quoted(out.checkpoints().toUri().toString()));
    }

    private static String adapters(Map<String, List<String>> labels) {
        StringBuilder adapters = new StringBuilder();
        labels.forEach(
                (task, names) -> {
                    for (Contender contender : Contender.values()) {
                        adapters.append(
                                """
                                  %s:
                                    labels: [%s]
                                    loop.budget-share: %s
                                    loop.uniform-share: %s
                                """
                                        .formatted(
                                                contender.adapter(task),
                                                names.stream()
                                                        .map(name -> quoted(name))
                                                        .collect(Collectors.joining(", ")),
                                                contender.budgetShare(),
                                                contender.uniformShare()));
                    }
                });
        return adapters.toString();
    }
}
