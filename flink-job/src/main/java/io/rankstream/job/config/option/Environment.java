package io.rankstream.job.config.option;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables in the place of {@code ${env:NAME}}, so that no secret has to stand in
 * the file.
 *
 * @param variables value of a variable by name; null for one that is not set
 */
public record Environment(UnaryOperator<String> variables) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([^}]*)}");

    /** {@code entry} with its variables, unresolved when one is missing, which is an error. */
    public Entry resolve(Entry entry, Errors errors) {
        List<String> missing =
                entry.written().stream()
                        .flatMap(text -> REFERENCE.matcher(text).results())
                        .map(Environment::name)
                        .filter(name -> valueOf(name).isEmpty())
                        .distinct()
                        .toList();
        missing.forEach(name -> reject(entry, name, errors));
        return entry.withTexts(
                missing.isEmpty()
                        ? entry.written().stream().map(this::replaced).toList()
                        : List.of());
    }

    private static String name(MatchResult reference) {
        return reference.group(1);
    }

    private Optional<String> valueOf(String name) {
        return name.isEmpty() ? Optional.empty() : Optional.ofNullable(variables.apply(name));
    }

    private String replaced(String text) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(valueOf(name(match)).orElseThrow()));
    }

    private static void reject(Entry entry, String name, Errors errors) {
        errors.add(
                entry,
                "refers to the environment variable '%s', which is not set; set it, or write the"
                                .formatted(name)
                        + " value itself");
    }
}
