package io.rankstream.ops.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.DeadLetterReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RemedyTest {

    /** A row of the table: reason, meaning, what to do, and whether a replay sends it back. */
    private static final Pattern ROW =
            Pattern.compile("\\| `([A-Z_]+)` \\|[^|]+\\|[^|]+\\| (yes|no) \\|");

    @Test
    void neverSendsBackWhatIsWrongWithTheRecordItself() {
        assertThat(Remedy.curable())
                .contains(DeadLetterReason.UNKNOWN_ADAPTER, DeadLetterReason.UNKNOWN_LABEL)
                .doesNotContain(
                        DeadLetterReason.NULL_VALUE,
                        DeadLetterReason.BAD_MAGIC,
                        DeadLetterReason.UNDECODABLE,
                        DeadLetterReason.UNKNOWN);
    }

    @Test
    void isToldOfEveryReasonInTheDocumentation() throws IOException {
        Map<String, Boolean> told = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(Path.of("..", "docs", "operations.md")));
        while (rows.find()) {
            told.put(rows.group(1), rows.group(2).equals("yes"));
        }

        assertThat(Arrays.asList(DeadLetterReason.values()))
                .allSatisfy(
                        reason ->
                                assertThat(told)
                                        .containsEntry(
                                                reason.name(), Remedy.curable().contains(reason)));
    }
}
