package io.rankstream.ops.cli.option;

import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.LabelName;
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
 * one: {@code '"a, b",c'}. It may be repeated. Labels are put into Unicode's normal form C.
 *
 * @param names the labels that one use of the option or parameter names
 */
public record LabelList(List<String> names) {

    /** How labels are given, for a description. */
    public static final String RULE =
            "separated by commas; one with a comma in it stands in double quotes, '\"a, b\",c', and"
                    + " this may be repeated";

    private static final int MOST_SHOWN = 200;

    /** Reads what one use of the option or parameter names. */
    public static final class Converter implements ITypeConverter<LabelList> {

        @Override
        public LabelList convert(String text) {
            try {
                return new LabelList(parse(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "the labels %s %s"
                                .formatted(Excerpt.printable(text, MOST_SHOWN), e.getMessage()));
            }
        }
    }

    /**
     * The labels of parameters that picocli has not read, since it takes one that cannot be read
     * for none of them.
     *
     * @throws ParameterException if one cannot be read, or is named twice
     */
    public static List<String> read(List<String> parameters, CommandSpec command) {
        try {
            return all(parameters.stream().map(new Converter()::convert).toList(), command);
        } catch (TypeConversionException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }

    /**
     * The labels of all uses.
     *
     * @throws ParameterException if one is named twice
     */
    public static List<String> all(List<LabelList> given, CommandSpec command) {
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
     * @throws IllegalArgumentException if there is one that cannot be a label, or a quote is astray
     */
    static List<String> parse(String text) {
        List<String> labels = new ArrayList<>();
        int at = 0;
        do {
            while (at < text.length() && isBlank(text.charAt(at))) {
                at++;
            }
            StringBuilder label = new StringBuilder();
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            at = quoted ? readQuoted(text, at + 1, label) : readPlain(text, at, label);
            labels.add(named(quoted ? label.toString() : stripped(label)));
            at++; // behind the comma
        } while (at <= text.length());
        return labels;
    }

    private static String named(String found) {
        String label = LabelSet.normal(found);
        if (label.isBlank()) {
            throw new IllegalArgumentException("have an empty one, expected names between commas");
        }
        if (!LabelName.isValid(label)) {
            throw new IllegalArgumentException(
                    "have %s, expected %s".formatted(Excerpt.of(label), LabelName.RULE));
        }
        return label;
    }

    /** {@code label}, before which no blank is read, without those behind it. */
    private static String stripped(StringBuilder label) {
        int end = label.length();
        while (end > 0 && isBlank(label.charAt(end - 1))) {
            end--;
        }
        return label.substring(0, end);
    }

    private static boolean isBlank(char each) {
        return Character.isWhitespace(each) || Character.isSpaceChar(each);
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
