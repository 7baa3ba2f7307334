package io.rankstream.job;

import io.rankstream.job.recovery.StateChoice;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Arguments of the job jar.
 *
 * @param config configuration file
 * @param choice what to do with state of earlier starts
 */
record JobArguments(Path config, StateChoice choice) {

    private static final String EXPECTED =
            "expected the arguments --config FILE [--resume | --from PATH | --fresh]";

    static JobArguments parse(String... args) {
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
            throw new IllegalArgumentException(EXPECTED);
        }
        return new JobArguments(config, choice);
    }

    private static StateChoice choice(String option, Deque<String> left) {
        return switch (option) {
            case "--resume" -> new StateChoice.Newest();
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
