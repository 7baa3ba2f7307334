package io.rankstream.ops.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * Labels on the command line, separated by commas: {@code ham, spam}. Blanks around one are none of
 * it. A label with a comma or with blanks around it stands in double quotes, in which {@code ""} is
 * one: {@code '"a, b",c'}. The option may be repeated.
 *
 * @param names the labels that one use of the option names
 */
record LabelList(List<String> names) {

    /** How labels are given, for the description of an option. */
    static final String RULE =
            "separated by commas; one with a comma in it stands in double quotes, '\"a, b\",c', and"
                    + " the option may be repeated";

    /** Reads what one use of the option names. */
    static final class Converter implements ITypeConverter<LabelList> {

        @Override
        public LabelList convert(String text) {
            try {
                return new LabelList(parse(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "the labels %s %s".formatted(text, e.getMessage()));
            }
        }
    }

    /**
     * The labels of all uses of the option.
     *
     * @throws ParameterException if one is named twice
     */
    static List<String> all(List<LabelList> given, CommandSpec command) {
        List<String> labels = given.stream().flatMap(list -> list.names().stream()).toList();
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new ParameterException(
                    command.commandLine(),
                    "the labels %s name one twice, expected different ones".formatted(labels));
        }
        return labels;
    }

    /**
     * The labels in one text.
     *
     * @throws IllegalArgumentException if there is a blank one or a quote is astray
     */
    static List<String> parse(String text) {
        List<String> labels = new ArrayList<>();
        int at = 0;
        do {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            StringBuilder label = new StringBuilder();
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            at = quoted ? readQuoted(text, at + 1, label) : readPlain(text, at, label);
            String found = quoted ? label.toString() : label.toString().strip();
            if (found.isBlank()) {
                throw new IllegalArgumentException(
                        "have an empty one, expected names between commas");
            }
            labels.add(found);
            at++; // behind the comma
        } while (at <= text.length());
        return labels;
    }

    private static int readPlain(String text, int from, StringBuilder label) {
        int end = text.indexOf(',', from);
        int to = end < 0 ? text.length() : end;
        label.append(text, from, to);
        return to;
    }

    /** Reads up to the comma behind the closing quote, or the end. */
    private static int readQuoted(String text, int from, StringBuilder label) {
        int at = from;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next != '"') {
                label.append(next);
            } else if (at < text.length() && text.charAt(at) == '"') {
                label.append('"');
                at++;
            } else {
                int comma = readPlain(text, at, new StringBuilder());
                if (!text.substring(at, comma).isBlank()) {
                    throw new IllegalArgumentException(
                            "have something behind a closing quote, expected a comma");
                }
                return comma;
            }
        }
        throw new IllegalArgumentException("have a quote that is not closed");
    }
}
