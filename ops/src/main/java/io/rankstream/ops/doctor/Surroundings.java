package io.rankstream.ops.doctor;

import io.rankstream.job.preflight.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a configuration names, as a start of its job would find it.
 *
 * @param trial of that start
 */
public record Surroundings(Trial trial) {

    /** {@link Compute} tells more of them, and of the device that was asked for. */
    private static final Set<String> TOLD = Set.of("libtorch", "device");

    /** One for everything that a start looks at, the problems last. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        trial.passed().stream()
                .filter(subject -> !TOLD.contains(subject))
                .forEach(subject -> findings.add(Finding.ok(subject, "as the job needs it")));
        trial.warnings().forEach(each -> findings.add(Finding.note("configuration", each)));
        trial.problems().stream()
                .filter(problem -> !TOLD.contains(problem.subject()))
                .forEach(
                        problem ->
                                findings.add(
                                        Finding.missing(problem.subject(), problem.sentence())));
        return findings;
    }
}
