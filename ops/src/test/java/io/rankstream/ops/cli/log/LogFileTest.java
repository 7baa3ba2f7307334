package io.rankstream.ops.cli.log;

import static java.lang.System.lineSeparator;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.LogMarkers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of the command line's log, in a context of its own. */
class LogFileTest {

    private static final String FILE_PROPERTY = "rankstream.log";

    @TempDir Path folder;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PrintStream err = System.err;

    private LoggerContext context;

    @BeforeEach
    void configure() throws Exception {
        System.setErr(new PrintStream(console, true, UTF_8));
        context =
                Configurator.initialize(
                        "log of the command line",
                        getClass().getClassLoader(),
                        LogFile.class.getResource("log4j2.xml").toURI());
    }

    @AfterEach
    void close() {
        context.close();
        System.setErr(err);
        System.clearProperty(FILE_PROPERTY);
    }

    @Test
    void aLoggerThatWasMadeBeforeTheFileWasChosenLogsToIt() throws Exception {
        choose("default.log");
        Logger early = context.getLogger("made early");

        choose("chosen.log");
        early.info("hello");

        assertThat(folder.resolve("chosen.log")).content().contains("hello");
        assertThat(folder.resolve("default.log")).doesNotExist();
    }

    @Test
    void aLongNameOfAThreadIsCutToItsBeginning() throws Exception {
        choose("chosen.log");
        Thread task =
                new Thread(
                        () -> context.getLogger("a.b.Task").info("hello"),
                        "Source: labeled examples -> decode" + " -> more".repeat(30));
        task.start();
        task.join();

        assertThat(Files.readString(folder.resolve("chosen.log")))
                .contains("[Source: labeled examples ->")
                .hasSizeLessThan(100);
    }

    @Test
    void aNameOfATaskInALineIsCutToItsBeginning() throws Exception {
        choose("chosen.log");

        context.getLogger("a.b.Task")
                .info(
                        "train -> (reports: Writer -> Committer, predictions: Writer) (1/2)#0 (ab) switched from RUNNING to FAILED");

        assertThat(folder.resolve("chosen.log"))
                .content()
                .contains("- train… (1/2)#0 (ab) switched from RUNNING to FAILED");
    }

    @Test
    void whatAnOperatorMustKnowAtOnceIsOnTheConsoleToo() throws Exception {
        choose("chosen.log");
        Logger logger = context.getLogger("a.b.Task");

        logger.warn("for the log");
        logger.warn(MarkerManager.getMarker(LogMarkers.CONSOLE.getName()), "for everybody");

        assertThat(console.toString(UTF_8))
                .isEqualTo("rankstream: for everybody" + lineSeparator());
        assertThat(folder.resolve("chosen.log")).content().contains("for the log", "for everybody");
    }

    @Test
    void aFileThatIsOnlyChosenIsNotMade() throws Exception {
        Path file = folder.resolve("new/chosen.log");

        LogFile.requireWritable(file);

        assertThat(file.getParent()).isEmptyDirectory();
    }

    @Test
    void aFileThatIsThereStaysAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("chosen.log"), "earlier");

        LogFile.requireWritable(file);

        assertThat(file).hasContent("earlier");
    }

    @Test
    void aFolderCannotBeLoggedTo() {
        assertThatThrownBy(() -> LogFile.requireWritable(folder)).isInstanceOf(IOException.class);
    }

    private void choose(String name) {
        System.setProperty(FILE_PROPERTY, folder.resolve(name).toString());
    }

    /** Whoever opens one waits until somebody reads from it. */
    @Test
    @Timeout(20)
    void aPipeIsRefusedAndADeviceIsNot() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> LogFile.requireWritable(pipe))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a pipe");
        LogFile.requireWritable(Path.of("/dev/null"));
    }
}
