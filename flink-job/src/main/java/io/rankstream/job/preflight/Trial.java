package io.rankstream.job.preflight;

import java.util.List;

/**
 * What a start would find.
 *
 * @param passed what was looked at and is as it should be
 * @param warnings what may be wrong, one sentence each
 * @param problems what would end the start, one sentence each, the first of them first
 */
public record Trial(List<String> passed, List<String> warnings, List<Problem> problems) {

    /**
     * Something that is not as it should be.
     *
     * @param subject what was looked at, as in {@code passed}
     * @param sentence what is wrong and what to do
     */
    public record Problem(String subject, String sentence) {}

    public Trial {
        passed = List.copyOf(passed);
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }
}
