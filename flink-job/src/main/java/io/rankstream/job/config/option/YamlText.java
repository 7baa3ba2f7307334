package io.rankstream.job.config.option;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes texts as YAML scalars, quoted where they have to be. */
public final class YamlText {

    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9/](?:[A-Za-z0-9/._+-]|:(?=\\S)| (?=[A-Za-z0-9]))*");

    private YamlText() {}

    /** One text. */
    public static String of(String text) {
        if (PLAIN.matcher(text).matches() && !text.equalsIgnoreCase("null")) {
            return text;
        }
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** A list on one line. */
    public static String of(List<String> texts) {
        return texts.stream().map(YamlText::of).collect(Collectors.joining(", ", "[", "]"));
    }
}
