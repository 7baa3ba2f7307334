package io.rankstream.job.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No start goes on from a checkpoint or savepoint whose bytes are others than were written. */
class ChangedBytesTest {

    private static final String GROUP = "tickets";
    private static final JobIdentity JOB = new JobIdentity(GROUP);
    private static final StateChoice RESUME = new StateChoice.Newest();

    /** Which file is struck. */
    enum Struck {
        STATE,
        METADATA
    }

    static final class Fixture {

        private final Path folder;
        private final JobConfig config;

        Fixture(Path folder) {
            try {
                this.folder = folder;
                this.config =
                        ConfigFile.parse(
                                """
                                kafka.bootstrap-servers: nobody:9092
                                kafka.group-id: tickets
                                registry.url: http://nobody:8081
                                publish.directory: '%s'
                                adapters: {spam: {labels: [ham, spam]}}
                                flink.execution.checkpointing.dir: '%s'
                                """
                                        .formatted(
                                                folder.resolve("published"),
                                                folder.resolve("checkpoints").toUri()),
                                "rankstream.yaml");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        LeftBehind checkpoint(int id) throws IOException {
            return LeftBehind.checkpoint(
                    folder.resolve("checkpoints")
                            .resolve(JOB.newStart().toHexString())
                            .resolve("chk-" + id),
                    GROUP,
                    id,
                    Instant.parse("2026-01-01T00:00:00Z").plusSeconds(id));
        }

        LeftBehind savepoint(int id) throws IOException {
            return LeftBehind.savepoint(
                    folder.resolve("checkpoints")
                            .resolve("savepoint-%s-%d".formatted(JOB.digest().substring(0, 6), id)),
                    GROUP,
                    id,
                    Instant.parse("2026-01-01T00:00:00Z").plusSeconds(id));
        }

        StartingState decide(StateChoice choice) throws RecoveryException {
            return StartingState.decide(config, config.flink(), choice);
        }
    }

    private static Path shared;

    @BeforeContainer
    static void makeFolder() throws IOException {
        shared = Files.createTempDirectory("rankstream-changed");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        FileUtils.deleteDirectory(shared.toFile());
    }

    /** Every byte of metadata, digests and state, and every bit of it. */
    @Property(tries = 400)
    void noFlippedBitIsGoneOnFrom(
            @ForAll Struck struck,
            @ForAll boolean savepoint,
            @ForAll @IntRange(min = 0, max = 9_999) int at,
            @ForAll @IntRange(min = 1, max = 255) int bits)
            throws Exception {
        Fixture job = new Fixture(Files.createTempDirectory(shared, "job"));
        LeftBehind left = savepoint ? job.savepoint(7) : job.checkpoint(7);
        Path file = struck == Struck.STATE ? left.state() : left.metadata();
        LeftBehind.flip(file, at % (int) Files.size(file), bits);

        assertThatThrownBy(() -> job.decide(RESUME))
                .isInstanceOfSatisfying(
                        RecoveryException.class, e -> assertThat(e.isOfDamage()).isTrue())
                .hasMessageContaining(struck == Struck.STATE ? "/state" : "_metadata");
        assertThatThrownBy(() -> job.decide(new StateChoice.From(left.folder().toString())))
                .isInstanceOfSatisfying(
                        RecoveryException.class, e -> assertThat(e.isOfDamage()).isTrue());
    }

    @Test
    void whatIsAsItWasWrittenIsGoneOnFromWithoutAWord(@TempDir Path folder) throws Exception {
        Fixture job = new Fixture(folder);
        LeftBehind left = job.checkpoint(7);

        StartingState state = job.decide(RESUME);

        assertThat(state.from().orElseThrow().checkpointId()).isEqualTo(7);
        assertThat(state.notes()).isEmpty();
        assertThat(job.decide(new StateChoice.From(left.folder().toString())).notes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theNextOlderOneIsTakenAndTheChangedOneTold(Struck struck, @TempDir Path folder)
            throws Exception {
        Fixture job = new Fixture(folder);
        job.checkpoint(6);
        LeftBehind newest = job.checkpoint(7);
        LeftBehind.flip(struck == Struck.STATE ? newest.state() : newest.metadata(), 3, 1);

        StartingState state = job.decide(RESUME);

        assertThat(state.from().orElseThrow().checkpointId()).isEqualTo(6);
        assertThat(state.notes())
                .anySatisfy(
                        note ->
                                assertThat(note)
                                        .contains(
                                                newest.folder().toString(), "cannot be restored"));
    }

    @Test
    void whatHasNoDigestsIsGoneOnFromAndSaidNotToBeChecked(@TempDir Path folder) throws Exception {
        Fixture job = new Fixture(folder);
        LeftBehind left = job.savepoint(7).undigested();

        for (StateChoice choice :
                new StateChoice[] {RESUME, new StateChoice.From(left.folder().toString())}) {
            assertThat(job.decide(choice).notes())
                    .singleElement()
                    .asString()
                    .contains("not checked", left.folder().toString());
        }
    }

    @Test
    void aSavepointThatTheUserMovedIsCheckedWhereItLies(@TempDir Path folder) throws Exception {
        Fixture job = new Fixture(folder);
        Path moved = folder.resolve("elsewhere");
        Files.move(job.savepoint(7).folder(), moved);
        StateChoice from = new StateChoice.From(moved.toString());

        assertThat(job.decide(from).notes()).isEmpty();

        LeftBehind.flip(moved.resolve("state"), 0, 1);
        assertThatThrownBy(() -> job.decide(from)).hasMessageContaining("/elsewhere/state");
    }
}
