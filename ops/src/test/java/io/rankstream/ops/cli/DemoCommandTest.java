package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

    @TempDir Path temp;

    private final StringWriter err = new StringWriter();

    @Test
    void aSummaryInPlaceOfAFolderIsRefusedBeforeAnythingIsWritten() {
        Path out = temp.resolve("out");

        assertThat(demo(temp, out)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("--json is " + temp + ", expected a file");
        assertThat(out).doesNotExist();
    }

    @Test
    void aSummaryBelowAFileIsRefusedBeforeAnythingIsWritten() throws Exception {
        Path file = Files.writeString(temp.resolve("notes.txt"), "mine");
        Path out = temp.resolve("out");

        assertThat(demo(file.resolve("deeper").resolve("summary.json"), out)).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("--json", file + " is not a folder");
        assertThat(out).doesNotExist();
    }

    @Test
    void aSummaryInFoldersYetToBeMadeIsNoMistake() throws Exception {
        Path foreign = Files.createDirectory(temp.resolve("foreign"));
        Files.writeString(foreign.resolve("notes.txt"), "mine");
        Path missing = temp.resolve("missing");

        assertThat(demo(missing.resolve("deeper").resolve("summary.json"), foreign)).isEqualTo(2);
        assertThat(err.toString()).contains("--out").doesNotContain("--json");
        assertThat(missing).doesNotExist();
    }

    private int demo(Path json, Path out) {
        return RankstreamCommand.commandLine(() -> false)
                .setErr(new PrintWriter(err, true))
                .execute("demo", "--json", json.toString(), "--out", out.toString());
    }
}
