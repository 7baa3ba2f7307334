package io.rankstream.ops.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

class LabelListTest {

    @Command
    private static final class Labeled {
        @Option(names = "--labels", converter = LabelList.Converter.class)
        private List<LabelList> labels = List.of();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ham,spam",
                "ham, spam",
                " ham ,\tspam ",
                "\"ham\",\"spam\"",
                "ham , \"spam\" "
            })
    void blanksAroundALabelAreNoneOfIt(String text) {
        assertThat(LabelList.parse(text)).containsExactly("ham", "spam");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a, b", " a ", "\"", ",", "a\"b\"", "größer, als"})
    void anyLabelCanBeQuoted(String label) {
        String quoted = '"' + label.replace("\"", "\"\"") + '"';

        assertThat(LabelList.parse("first," + quoted + ", last"))
                .containsExactly("first", label, "last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "a,", ",a", "a,,b", "\"\"", "\" \",a", "\"a", "\"a\"b"})
    void whatNamesNoLabelIsRefused(String text) {
        assertThatThrownBy(() -> LabelList.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "\"a\nb\"", "\u200b", "\"\u00a0\"", "\ud800", "a,b\u2028c"})
    void whatPeopleCannotReadIsNoLabel(String text) {
        assertThatThrownBy(() -> LabelList.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLabelIsPutIntoOneFormOfUnicode() {
        assertThat(LabelList.parse("gro\u0308\u00dfer,\u00a0ham\u2003"))
                .containsExactly("gr\u00f6\u00dfer", "ham");
    }

    @Test
    void theOptionMayBeRepeated() {
        Labeled command = new Labeled();

        CommandLine line = new CommandLine(command);
        ParseResult parsed = line.parseArgs("--labels", "not ham, \"a, b\"", "--labels=c");

        assertThat(LabelList.all(command.labels, line.getCommandSpec()))
                .containsExactly("not ham", "a, b", "c");
        assertThat(parsed.hasMatchedOption("--labels")).isTrue();
    }
}
