package io.rankstream.job;

import io.rankstream.job.recovery.StateChoice;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Arguments of the job jar. Flink's script {@code standalone-job.sh} takes {@code --config} for an
 * option of its own, so that a container's environment may name the file instead.
 *
 * @param config configuration file
 * @param choice what to do with state of earlier starts
 */
record JobArguments(Path config, StateChoice choice) {

    /** Variable of the environment that names the configuration file. */
    static final String CONFIG_VARIABLE = "RANKSTREAM_CONFIG";

    private static final String EXPECTED =
            "expected the arguments --config FILE [--resume | --resume-if-any | --from PATH | --fresh], or the file in the environment variable "
                    + CONFIG_VARIABLE;

    static JobArguments parse(Map<String, String> environment, String... args) {
        Path config = null;
        StateChoice choice = new StateChoice.Unsaid();
        Deque<String> left = new ArrayDeque<>(List.of(args));
        while (!left.isEmpty()) {
            String option = left.pop();
            if (option.equals("--config") && config == null) {
                config = Path.of(value(left));
            } else if (choice instanceof StateChoice.Unsaid) {
                choice = choice(option, left);
            } else {
                throw new IllegalArgumentException(EXPECTED);
            }
        }
        if (config == null) {
            String named = environment.getOrDefault(CONFIG_VARIABLE, "");
            if (named.isBlank()) {
                throw new IllegalArgumentException(EXPECTED);
            }
            config = Path.of(named);
        }
        return new JobArguments(config, choice);
    }

    private static StateChoice choice(String option, Deque<String> left) {
        return switch (option) {
            case "--resume" -> new StateChoice.Newest();
            case "--resume-if-any" -> new StateChoice.NewestIfAny();
            case "--from" -> new StateChoice.From(value(left));
            case "--fresh" -> new StateChoice.Fresh();
            default -> throw new IllegalArgumentException(EXPECTED + ", not " + option);
        };
    }

    private static String value(Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return left.pop();
    }
}
