package io.rankstream.ops.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.recovery.RecoveryPoint;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoingOnTest {

    private static final java.nio.file.Path CONFIG = java.nio.file.Path.of("job.yaml");
    private static final Instant START = Instant.parse("2026-02-01T10:00:00Z");
    private static final RecoveryPoint EARLIER = point(false, START.minusSeconds(60));

    @ParameterizedTest
    @ValueSource(strings = {"", "--resume", "--fresh", "--from old/chk-7"})
    void aRunWithACheckpointGoesOnFromItHoweverItBegan(String options) {
        RecoveryPoint own = point(false, START.plusSeconds(10));
        assertThat(after(Optional.of(own), options).afterInterruption())
                .isEqualTo(
                        "Go on from " + own + " with: rankstream run --config job.yaml --resume");
    }

    @Test
    void aFreshRunWithoutACheckpointDoesNotGoOnFromTheStateOfAnEarlierOne() {
        assertThat(after(Optional.of(EARLIER), "--fresh").afterInterruption())
                .isEqualTo(
                        "There is no checkpoint of this run: start it again with: rankstream run --config job.yaml --fresh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--resume", "--from old/chk-7"})
    void aRunWithoutACheckpointBeginsAgainWhereItBegan(String option) {
        GoingOn goingOn = after(Optional.of(EARLIER), option);
        goingOn.from(Optional.of(EARLIER));
        assertThat(goingOn.afterInterruption())
                .isEqualTo(
                        "There is no checkpoint of this run: start it again from "
                                + EARLIER
                                + " with: rankstream run --config job.yaml "
                                + option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--resume", "--fresh", "--from old/chk-7"})
    void aRunThatEndedBeforeItKnewItsStateIsStartedAgainAsItWas(String options) {
        assertThat(after(Optional.empty(), options).afterInterruption())
                .isEqualTo(
                        ("There is no checkpoint of this run: start it again with: rankstream run --config job.yaml "
                                        + options)
                                .strip());
    }

    @Test
    void ofDamagedStateTheNextOlderOneIsNamed() throws Exception {
        RecoveryPoint older = point(true, START.minusSeconds(99));
        GoingOn goingOn = after(Optional.of(EARLIER), "--resume");
        goingOn.from(Optional.of(EARLIER));

        assertThat(goingOn.afterDamage("Corruption", damagedBut(Optional.of(older))))
                .isEqualTo(
                        "%s cannot be read, it is damaged (Corruption): go on from %s with 'rankstream run --config job.yaml --from %s', or start anew with --fresh"
                                .formatted(EARLIER, older, older.path()));
        assertThat(goingOn.afterDamage("Corruption", damagedBut(Optional.empty())))
                .startsWith(EARLIER + " cannot be read")
                .contains("none is there that is older and whole", "--from PATH", "--fresh")
                .endsWith("training_state.safetensors of its newest published version");
    }

    @Test
    void aRunWhoseOwnCheckpointIsDamagedNamesThat() throws Exception {
        RecoveryPoint own = point(false, START.plusSeconds(10));
        GoingOn goingOn = after(Optional.of(own), "--resume");
        goingOn.from(Optional.of(EARLIER));

        assertThat(goingOn.afterDamage("Corruption", damagedBut(Optional.of(own))))
                .startsWith(own + " cannot be read");
    }

    @Test
    void aCheckpointThatIsAsItWasWrittenIsNotBlamedForADisk() throws Exception {
        RecoveryPoint own = point(false, START.plusSeconds(10));

        assertThat(after(Optional.of(own), "").afterDamage("Corruption", look(true, own)))
                .contains("disks of its machine", own + " is whole", "--from " + own.path());
    }

    private static GoingOn.StateLook damagedBut(Optional<RecoveryPoint> older) {
        return look(false, older.orElse(null));
    }

    private static GoingOn.StateLook look(boolean whole, RecoveryPoint older) {
        return new GoingOn.StateLook() {
            @Override
            public Optional<RecoveryPoint> before(RecoveryPoint younger) {
                return Optional.ofNullable(older);
            }

            @Override
            public boolean isWhole(RecoveryPoint point) {
                return whole;
            }
        };
    }

    @Test
    void onlyASavepointOfThisRunIsWhereAStoppedJobGoesOn() throws Exception {
        RecoveryPoint savepoint = point(true, START.plusSeconds(10));
        assertThat(after(Optional.of(savepoint), "").afterEnd())
                .isEqualTo(
                        "The job was stopped with "
                                + savepoint
                                + ". Go on with: rankstream run --config job.yaml --resume");
        for (RecoveryPoint other :
                new RecoveryPoint[] {
                    point(false, START.plusSeconds(10)), point(true, START.minusSeconds(10))
                }) {
            assertThat(after(Optional.of(other), "").afterEnd()).isEqualTo("The stream has ended.");
        }
    }

    @Test
    void pausedAdaptersAreNamedWithWhatTheyHold() throws Exception {
        SortedMap<String, Long> held = new TreeMap<>(Map.of("globex", 1L, "acme", 12L));
        String told =
                "Paused by a command: 'acme' (12 examples held), 'globex' (1 example held). To resume one: rankstream control resume ADAPTER --config job.yaml";
        RecoveryPoint own = point(true, START.plusSeconds(10));
        GoingOn goingOn = new GoingOn(() -> Optional.of(own), point -> held, CONFIG, START, "");
        assertThat(goingOn.pausedAtStart()).isEmpty();
        goingOn.from(Optional.of(EARLIER));

        assertThat(goingOn.pausedAtStart()).isEqualTo(told);
        assertThat(goingOn.afterInterruption().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(told),
                        line -> assertThat(line).startsWith("Go on from"));
        assertThat(goingOn.afterEnd().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(told),
                        line -> assertThat(line).startsWith("The job was stopped"));
    }

    /** As a shell reads it. */
    @ParameterizedTest
    @CsvSource({"my jobs/a.yaml, /my state/chk-3", "$a.yaml, /a&b/chk-3"})
    void commandsQuoteWhatAShellWouldNotTakeAsItIs(String file, String path) throws Exception {
        RecoveryPoint own = new RecoveryPoint(new Path(path), false, 3, START.plusSeconds(10));
        GoingOn goingOn =
                new GoingOn(
                        () -> Optional.of(own),
                        point -> new TreeMap<>(Map.of("acme", 1L)),
                        java.nio.file.Path.of(file),
                        START,
                        "");

        assertThat(goingOn.afterInterruption())
                .contains("control resume ADAPTER --config '%s'".formatted(file))
                .contains("run --config '%s' --resume".formatted(file));
        assertThat(goingOn.afterDamage("Corruption", damagedBut(Optional.of(own))))
                .contains("--from '%s'".formatted(path));
    }

    private static GoingOn after(Optional<RecoveryPoint> newest, String options) {
        return new GoingOn(() -> newest, point -> new TreeMap<>(), CONFIG, START, options);
    }

    private static RecoveryPoint point(boolean savepoint, Instant completed) {
        return new RecoveryPoint(new Path("/state/chk-3"), savepoint, 3, completed);
    }
}
