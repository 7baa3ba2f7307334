package io.rankstream.job.config.passthrough;

import io.rankstream.job.config.option.Entry;
import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.option.Secrets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Judges options of a library together, by what the library itself does with them when it starts:
 * two that are right each may not go with one another.
 */
public final class WholeOptions {

    /** Something of a library that takes options, and throws where it does not like them. */
    interface Judge {
        void judge(Map<String, String> options) throws Exception;
    }

    private final PassThrough options;
    private final Map<String, String> given;

    /**
     * @param given values of {@code options}, as the library reads them
     */
    public WholeOptions(PassThrough options, Map<String, String> given) {
        this.options = options;
        this.given = given;
    }

    /** Adds what {@code judges} do not like, each with the option that is to blame. */
    public void check(List<Judge> judges, Errors errors) {
        if (given.isEmpty()) {
            return;
        }
        Map<String, String> left = new TreeMap<>(given);
        for (Judge judge : judges) {
            Optional<String> refusal = refusal(judge, left);
            while (refusal.isPresent() && !left.isEmpty()) {
                List<String> guilty = guilty(judge, left);
                report(guilty, refusal.get(), errors);
                if (guilty.isEmpty()) {
                    break;
                }
                left.keySet().removeAll(guilty);
                refusal = refusal(judge, left);
            }
        }
    }

    /** Options without one of which the rest is taken. */
    private static List<String> guilty(Judge judge, Map<String, String> options) {
        return options.keySet().stream()
                .filter(
                        name -> {
                            Map<String, String> others = new TreeMap<>(options);
                            others.remove(name);
                            return refusal(judge, others).isEmpty();
                        })
                .toList();
    }

    private void report(List<String> guilty, String refusal, Errors errors) {
        if (guilty.isEmpty()) {
            errors.add(
                    0,
                    "%s cannot be used together: %s; correct them"
                            .formatted(options.section(), refusal));
            return;
        }
        Entry entry = options.entries().get(guilty.get(0));
        if (errors.has(entry.line())) {
            return;
        }
        String others =
                guilty.size() == 1
                        ? ""
                        : " beside "
                                + String.join(
                                        " and ",
                                        guilty.stream()
                                                .skip(1)
                                                .map(options.prefix()::concat)
                                                .toList());
        errors.add(
                entry,
                "is %s, which cannot be used%s: %s; correct it or remove it"
                        .formatted(entry.shown(), others, refusal));
    }

    /** What the library says at the bottom of its exception, without values that may be secret. */
    private static Optional<String> refusal(Judge judge, Map<String, String> options) {
        try {
            judge.judge(options);
            return Optional.empty();
        } catch (Exception | LinkageError e) {
            Throwable root =
                    Stream.iterate(e, each -> each != null, Throwable::getCause)
                            .reduce((first, second) -> second)
                            .orElse(e);
            String message =
                    root.getMessage() == null
                            ? root.getClass().getSimpleName()
                            : root.getMessage().strip().replaceAll("\\s+", " ");
            return Optional.of(Secrets.redact(message.replaceAll("\\.$", ""), options));
        }
    }
}
