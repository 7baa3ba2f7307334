package io.rankstream.job.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start does with what earlier ones have left. */
class StartingStateTest {

    private static final String GROUP = "tickets";
    private static final JobIdentity JOB = new JobIdentity(GROUP);
    private static final StateChoice UNSAID = new StateChoice.Unsaid();
    private static final StateChoice RESUME = new StateChoice.Newest();
    private static final StateChoice FRESH = new StateChoice.Fresh();

    @TempDir Path temp;

    private Path checkpoints;
    private Path savepoints;
    private Path published;
    private JobConfig config;

    @BeforeEach
    void configure() throws Exception {
        checkpoints = temp.resolve("checkpoints");
        savepoints = temp.resolve("savepoints");
        published = temp.resolve("published");
        config = config("");
    }

    @Test
    void aFirstStartNeedsNoChoice() throws Exception {
        assertThat(decide(UNSAID).from()).isEmpty();
        assertThat(decide(FRESH).from()).isEmpty();
    }

    @Test
    void aCheckpointThatIsThereMakesTheUserChoose() throws Exception {
        LeftBehind left = checkpoint(JOB.newStart(), 12, at(1));

        assertRefused(
                UNSAID,
                "the job with kafka.group-id 'tickets' has checkpoint 12 of 2026-01-01T00:00:01Z",
                uri(left).toString(),
                "--resume",
                "--from PATH",
                "--fresh");
        assertThat(decide(FRESH).from()).isEmpty();
    }

    @Test
    void resumeGoesOnFromTheCheckpointAndOwnsIt() throws Exception {
        LeftBehind left = checkpoint(JOB.newStart(), 12, at(1));

        StartingState state = decide(RESUME);

        assertThat(path(state)).isEqualTo(left.folder());
        assertThat(state.sentence()).startsWith("Going on from checkpoint 12 of 2026-01-01");
        Configuration flink = new Configuration();
        state.applyTo(flink);
        assertThat(flink.get(StateRecoveryOptions.SAVEPOINT_PATH)).isEqualTo(uri(left).toString());
        assertThat(flink.get(StateRecoveryOptions.RESTORE_MODE)).isEqualTo(RecoveryClaimMode.CLAIM);
    }

    @Test
    void resumeGoesOnFromASavepointAndLeavesItToTheUser() throws Exception {
        LeftBehind left =
                LeftBehind.savepoint(savepoints.resolve("savepoint-abc-1"), GROUP, 3, at(1));

        StartingState state = decide(RESUME);

        assertThat(path(state)).isEqualTo(left.folder());
        Configuration flink = new Configuration();
        state.applyTo(flink);
        assertThat(flink.get(StateRecoveryOptions.RESTORE_MODE))
                .isEqualTo(RecoveryClaimMode.NO_CLAIM);
    }

    @Test
    void theNewestIsTheOneCompletedLastWhateverItsNumberStartOrKind() throws Exception {
        checkpoint(JOB.newStart(), 900, at(1));
        LeftBehind.savepoint(savepoints.resolve("savepoint-abc-1"), GROUP, 901, at(2));
        LeftBehind newest = checkpoint(JOB.newStart(), 7, at(3));
        checkpoint(JOB.newStart(), 8, at(2));

        assertThat(path(decide(RESUME))).isEqualTo(newest.folder());
    }

    @Test
    void ofTwoCompletedAtOnceTheHigherNumberIsNewer() throws Exception {
        JobID start = JOB.newStart();
        LeftBehind newest = checkpoint(start, 10, at(1));
        checkpoint(start, 9, at(1));

        assertThat(path(decide(RESUME))).isEqualTo(newest.folder());
    }

    @Test
    void aSavepointTakenElsewhereIsFoundByItsNote() throws Exception {
        checkpoint(JOB.newStart(), 12, at(1));
        LeftBehind elsewhere = LeftBehind.savepoint(temp.resolve("mine/s"), GROUP, 13, at(2));
        JobNote.savepoint(JOB, config.flink()).write(elsewhere.folder().toString());

        assertThat(path(decide(RESUME))).isEqualTo(elsewhere.folder());
    }

    /** The newest savepoint was taken with a command, and then moved away or not mounted. */
    @Nested
    class WhereTheNotedSavepointIsGone {

        private static final String GONE = "/gone/savepoint-abc-1";
        private static final StateChoice IF_ANY = new StateChoice.NewestIfAny();

        static List<StateChoice> choices() {
            return List.of(UNSAID, RESUME, IF_ANY);
        }

        @ParameterizedTest
        @MethodSource("choices")
        void theUserIsToldWhichAndWhatToDo(StateChoice choice) throws Exception {
            note(GONE, at(2));

            assertRefused(choice, GONE, "bring it back", "--from PATH", "--fresh");
        }

        @ParameterizedTest
        @MethodSource("choices")
        void whatIsOlderIsNotTakenInItsPlace(StateChoice choice) throws Exception {
            LeftBehind older = checkpoint(JOB.newStart(), 12, at(1));
            note(GONE, at(2));

            assertRefused(choice, GONE, uri(older).toString(), "older", "--from PATH", "--fresh");
            assertThat(path(decide(new StateChoice.From(older.folder().toString()))))
                    .isEqualTo(older.folder());
        }

        @ParameterizedTest
        @MethodSource("choices")
        void whatTheFileNamesIsNotTakenWhereItIsOlder(StateChoice choice) throws Exception {
            LeftBehind named = LeftBehind.checkpoint(temp.resolve("moved/chk-4"), GROUP, 4, at(1));
            config = config("flink.execution.state-recovery.path: '" + named.folder() + "'");
            note(GONE, at(2));

            assertRefused(choice, GONE);
        }

        @ParameterizedTest
        @MethodSource("choices")
        void aFolderThatWasLeftEmptyCountsAsGone(StateChoice choice) throws Exception {
            Path empty = Files.createDirectories(savepoints.resolve("savepoint-abc-1"));
            note(empty.toString(), at(2));

            assertRefused(choice, empty.toString());
        }

        @Test
        void aFreshStartIsOneAllTheSame() throws Exception {
            note(GONE, at(2));

            assertThat(decide(FRESH).from()).isEmpty();
        }

        @Test
        void aNewerCheckpointMakesUpForIt() throws Exception {
            LeftBehind newer = checkpoint(JOB.newStart(), 12, at(3));
            note(GONE, at(2));

            assertThat(path(decide(RESUME))).isEqualTo(newer.folder());
            assertThat(path(decide(IF_ANY))).isEqualTo(newer.folder());
        }

        @Test
        void itIsFoundAgainWhereTheFoldersOrTheFileNameIt() throws Exception {
            note(GONE, at(2));
            LeftBehind moved =
                    LeftBehind.savepoint(temp.resolve("new/savepoint-abc-1"), GROUP, 3, at(1));
            config = config("flink.execution.state-recovery.path: '" + moved.folder() + "'");

            assertThat(path(decide(UNSAID))).isEqualTo(moved.folder());
            assertThat(path(decide(IF_ANY))).isEqualTo(moved.folder());

            LeftBehind back =
                    LeftBehind.savepoint(savepoints.resolve("savepoint-abc-1"), GROUP, 3, at(1));
            assertThat(path(decide(RESUME))).isEqualTo(back.folder());
        }

        @Test
        void aSavepointThatWasNeverCompletedIsNotNotedAndDoesNotBlock() throws Exception {
            Files.createDirectories(savepoints.resolve("savepoint-abc-1"));

            assertThat(decide(UNSAID).from()).isEmpty();
            assertThat(decide(IF_ANY).from()).isEmpty();
        }

        private void note(String savepoint, Instant written) throws IOException {
            JobNote.savepoint(JOB, config.flink()).write(savepoint);
            Files.setLastModifiedTime(
                    checkpoints.resolve(JOB.digest() + ".savepoint"), FileTime.from(written));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chk-99999999999999999999",
                "chk-9223372036854775808",
                "chk-",
                "chk--1",
                "chk-1.part",
                "chk-x"
            })
    void aFolderThatIsNoCheckpointByItsNameIsPassedBy(String junk) throws Exception {
        JobID start = JOB.newStart();
        LeftBehind left = checkpoint(start, Long.MAX_VALUE, at(1));
        Files.createDirectories(left.folder().resolveSibling(junk));
        Files.createDirectories(checkpoints.resolve(junk));

        assertThat(path(decide(RESUME))).isEqualTo(left.folder());
    }

    @Nested
    class OfReleasesThatDidNotNameTheirStarts {

        @Test
        void isKnownByItsTransactionalIds() throws Exception {
            LeftBehind left = checkpoint(new JobID(), 12, at(1));

            assertRefused(UNSAID, uri(left).toString());
            assertThat(path(decide(RESUME))).isEqualTo(left.folder());
        }

        @Test
        void isKnownWithoutAFolderForEachStart() throws Exception {
            LeftBehind left = LeftBehind.checkpoint(checkpoints.resolve("chk-4"), GROUP, 4, at(1));

            assertThat(path(decide(RESUME))).isEqualTo(left.folder());
        }
    }

    @Nested
    class OfOtherJobs {

        @Test
        void isNotLookedAt() throws Exception {
            LeftBehind.checkpoint(
                    folder(new JobIdentity("mails").newStart(), 5), "mails", 5, at(9));
            LeftBehind.checkpoint(folder(new JobID(), 5), "tickets-eu", 5, at(9));
            LeftBehind.savepoint(savepoints.resolve("savepoint-xyz-1"), "mails", 5, at(9));

            assertThat(decide(UNSAID).from()).isEmpty();
            assertRefused(
                    RESUME, "nothing to go on from", "'tickets'", "3 of other jobs are there");
        }

        @Test
        void canBeNamed() throws Exception {
            LeftBehind other = LeftBehind.checkpoint(folder(new JobID(), 5), "mails", 5, at(9));

            StartingState state = decide(new StateChoice.From(other.folder().toString()));

            assertThat(path(state)).isEqualTo(other.folder());
            assertThat(state.owned()).isFalse();
        }
    }

    @Nested
    class ThatIsNotWhole {

        enum Damage {
            METADATA_CUT {
                @Override
                void strike(LeftBehind left) throws IOException {
                    byte[] metadata = Files.readAllBytes(left.metadata());
                    Files.write(left.metadata(), Arrays.copyOf(metadata, 20));
                }
            },
            METADATA_OF_SOMETHING_ELSE {
                @Override
                void strike(LeftBehind left) throws IOException {
                    Files.writeString(left.metadata(), "something else");
                }
            },
            STATE_MISSING {
                @Override
                void strike(LeftBehind left) throws IOException {
                    Files.delete(left.state());
                }
            },
            STATE_CUT {
                @Override
                void strike(LeftBehind left) throws IOException {
                    Files.writeString(left.state(), "adap");
                }
            };

            abstract void strike(LeftBehind left) throws IOException;
        }

        @ParameterizedTest
        @EnumSource
        void isPassedByAndTold(Damage damage) throws Exception {
            JobID start = JOB.newStart();
            LeftBehind whole = checkpoint(start, 11, at(1));
            LeftBehind damaged = checkpoint(start, 12, at(2));
            strike(damage, damaged);

            StartingState state = decide(RESUME);

            assertThat(path(state)).isEqualTo(whole.folder());
            assertThat(state.notes())
                    .singleElement()
                    .asString()
                    .contains(uri(damaged).toString(), "cannot be restored");
        }

        @ParameterizedTest
        @EnumSource
        void isNotIgnoredWhereItIsAllThereIs(Damage damage) throws Exception {
            LeftBehind damaged = checkpoint(JOB.newStart(), 12, at(2));
            strike(damage, damaged);

            assertRefused(UNSAID, uri(damaged).toString(), "cannot be restored", "--fresh");
            assertRefused(RESUME, uri(damaged).toString(), "cannot be restored", "--fresh");
            assertRefused(
                    new StateChoice.From(damaged.folder().toString()), damaged.folder().toString());
        }

        @Test
        void isNothingWhereItWasNeverCompleted() throws Exception {
            Files.createDirectories(folder(JOB.newStart(), 1));

            assertThat(decide(UNSAID).from()).isEmpty();
        }

        private void strike(Damage damage, LeftBehind left) throws IOException {
            damage.strike(left);
            Files.setLastModifiedTime(left.metadata(), FileTime.from(at(2)));
        }
    }

    @Nested
    class NamedInTheFile {

        @Test
        void isUsedWhileNothingIsNewer() throws Exception {
            LeftBehind left = checkpoint(JOB.newStart(), 12, at(2));
            config = config("flink.execution.state-recovery.path: '" + left.folder() + "'");
            checkpoint(JOB.newStart(), 13, at(1));

            assertThat(path(decide(UNSAID))).isEqualTo(left.folder());
        }

        @Test
        void makesTheUserChooseOnceSomethingIsNewer() throws Exception {
            LeftBehind old = checkpoint(JOB.newStart(), 12, at(1));
            config = config("flink.execution.state-recovery.path: '" + old.folder() + "'");
            LeftBehind newer = checkpoint(JOB.newStart(), 13, at(2));

            assertRefused(UNSAID, old.folder().toString(), uri(newer).toString(), "--resume");
            assertThat(path(decide(RESUME))).isEqualTo(newer.folder());
        }

        @Test
        void isNotUsedByAFreshStart() throws Exception {
            LeftBehind old = checkpoint(JOB.newStart(), 12, at(1));
            config = config("flink.execution.state-recovery.path: '" + old.folder() + "'");

            StartingState state = decide(FRESH);
            state.applyTo(config.flink());

            assertThat(config.flink().contains(StateRecoveryOptions.SAVEPOINT_PATH)).isFalse();
        }
    }

    @Nested
    class SaidToFlinkRun {

        @Test
        void isWhatTheUserHasChosenAlready() throws Exception {
            LeftBehind old = checkpoint(JOB.newStart(), 12, at(1));
            checkpoint(JOB.newStart(), 13, at(2));
            Configuration cluster = new Configuration(config.flink());
            cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, old.folder().toString());

            assertThat(path(StartingState.decide(config, cluster, UNSAID))).isEqualTo(old.folder());
            assertThatThrownBy(() -> StartingState.decide(config, cluster, FRESH))
                    .isInstanceOf(RecoveryException.class)
                    .hasMessageContaining("leave one of them out");
        }
    }

    @Nested
    class PublishedVersionsWithoutState {

        @Test
        void makeTheUserChoose() throws Exception {
            publish("spam", "v00000003");

            assertRefused(UNSAID, "adapter 'spam'", published.toString(), "--from", "--fresh");
            assertThat(decide(FRESH).from()).isEmpty();
        }

        @Test
        void ofAnAdapterThatTheJobDoesNotAdmitAreAnotherJobs() throws Exception {
            publish("list", "v00000003");

            assertThat(decide(UNSAID).from()).isEmpty();
        }

        @Test
        void areNoneWithoutTheirManifest() throws Exception {
            Files.createDirectories(published.resolve("spam").resolve("v00000003"));

            assertThat(decide(UNSAID).from()).isEmpty();
        }
    }

    @Nested
    class FoldersOfEarlierStarts {

        @Test
        void areToldWhereNothingNeedsThem() throws Exception {
            LeftBehind old = checkpoint(JOB.newStart(), 12, at(1));
            checkpoint(JOB.newStart(), 13, at(2));

            assertThat(decide(RESUME).notes())
                    .singleElement()
                    .asString()
                    .contains("delete file:" + old.folder().getParent());
            assertThat(decide(FRESH).notes()).hasSize(1);
        }

        @Test
        void areNotToldWhereTheStateLiesInThem() throws Exception {
            Path shared = checkpoints.resolve(JOB.newStart().toHexString()).resolve("shared/1");
            LeftBehind.checkpoint(folder(JOB.newStart(), 13), shared, GROUP, 13, at(2));

            assertThat(decide(RESUME).notes()).isEmpty();
        }

        @Test
        void areRemovedOnceTheyAreEmpty() throws Exception {
            Path empty = checkpoints.resolve(JOB.newStart().toHexString());
            Files.createDirectories(empty.resolve("shared"));
            Path others = checkpoints.resolve(new JobIdentity("mails").newStart().toHexString());
            Files.createDirectories(others.resolve("shared"));

            decide(UNSAID);

            assertThat(empty).doesNotExist();
            assertThat(others).exists();
        }
    }

    /** {@code --resume-if-any}: what a container says at every start. */
    @Nested
    class IfAny {

        private static final StateChoice IF_ANY = new StateChoice.NewestIfAny();

        @Test
        void beginsWhereNothingIs() throws Exception {
            assertThat(decide(IF_ANY).from()).isEmpty();
        }

        @Test
        void goesOnAsResumeDoesWhereSomethingIs() throws Exception {
            checkpoint(JOB.newStart(), 12, at(1));
            checkpoint(JOB.newStart(), 3, at(2));

            assertThat(decide(IF_ANY)).isEqualTo(decide(RESUME));
        }

        @Test
        void beginsWhereOnlyOtherJobsHaveLeftSomething() throws Exception {
            JobID other = new JobIdentity("mails").newStart();
            LeftBehind.checkpoint(folder(other, 5), "mails", 5, at(1));

            assertThat(decide(IF_ANY).from()).isEmpty();
        }

        @Test
        void doesNotBeginAnewOverStateThatCannotBeUsed() throws Exception {
            LeftBehind damaged = checkpoint(JOB.newStart(), 12, at(1));
            Files.write(damaged.folder().resolve("_metadata"), new byte[] {1, 2, 3});

            assertRefused(IF_ANY, "state that cannot be used", damaged.folder().toString());
        }

        @Test
        void doesNotBeginAnewOverPublishedVersions() throws Exception {
            publish("spam", "v00000007");

            assertRefused(IF_ANY, "adapter 'spam' has versions", "--fresh");
        }

        @Test
        void takesTheLaterOneOfTheFilesStateAndTheJobs() throws Exception {
            LeftBehind named = LeftBehind.checkpoint(temp.resolve("moved/chk-4"), GROUP, 4, at(2));
            config.flink().set(StateRecoveryOptions.SAVEPOINT_PATH, named.folder().toString());

            assertThat(path(decide(IF_ANY))).isEqualTo(named.folder());

            checkpoint(JOB.newStart(), 12, at(1));
            assertThat(path(decide(IF_ANY))).isEqualTo(named.folder());

            LeftBehind newer = checkpoint(JOB.newStart(), 5, at(3));
            assertThat(path(decide(IF_ANY))).isEqualTo(newer.folder());
        }
    }

    /** {@code flink run -s}, or the operator for Kubernetes at an upgrade. */
    @Nested
    class SaidToFlink {

        private final Configuration cluster = new Configuration();

        @ParameterizedTest
        @ValueSource(strings = {"execution.state-recovery.path", "execution.savepoint.path"})
        void countsOverTheFile(String key) {
            cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, "s3://state/savepoint-new");
            config.flink().setString(key, "s3://state/savepoint-old");
            config.flink().set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);

            assertThat(StartingState.yieldToFlink(config.flink(), cluster))
                    .hasValueSatisfying(
                            told ->
                                    assertThat(told)
                                            .contains(
                                                    "savepoint-new; that counts", "savepoint-old"));

            Configuration merged = new Configuration(cluster);
            merged.addAll(config.flink());
            assertThat(merged.get(StateRecoveryOptions.SAVEPOINT_PATH))
                    .isEqualTo("s3://state/savepoint-new");
            assertThat(merged.getOptional(StateRecoveryOptions.RESTORE_MODE)).isEmpty();
        }

        @Test
        void isNotToldWhereBothSayTheSame() {
            cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, "s3://state/savepoint");
            config.flink().set(StateRecoveryOptions.SAVEPOINT_PATH, "s3://state/savepoint");

            assertThat(StartingState.yieldToFlink(config.flink(), cluster)).isEmpty();
        }

        @Test
        void leavesTheFilesWordWhereNothingWasSaid() {
            config.flink().set(StateRecoveryOptions.SAVEPOINT_PATH, "s3://state/savepoint");

            assertThat(StartingState.yieldToFlink(config.flink(), cluster)).isEmpty();
            assertThat(config.flink().get(StateRecoveryOptions.SAVEPOINT_PATH))
                    .isEqualTo("s3://state/savepoint");
        }
    }

    private StartingState decide(StateChoice choice) throws RecoveryException {
        return StartingState.decide(config, config.flink(), choice);
    }

    private void assertRefused(StateChoice choice, String... parts) {
        assertThatThrownBy(() -> decide(choice))
                .isInstanceOf(RecoveryException.class)
                .hasMessageContainingAll(parts);
    }

    private LeftBehind checkpoint(JobID start, long id, Instant completed) throws IOException {
        return LeftBehind.checkpoint(folder(start, id), GROUP, id, completed);
    }

    private Path folder(JobID start, long checkpoint) {
        return checkpoints.resolve(start.toHexString()).resolve("chk-" + checkpoint);
    }

    private void publish(String adapter, String version) throws IOException {
        Path folder = Files.createDirectories(published.resolve(adapter).resolve(version));
        Files.writeString(folder.resolve("manifest.json"), "{}");
    }

    private static Instant at(int second) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second);
    }

    private static Path path(StartingState state) {
        Optional<RecoveryPoint> from = state.from();
        return Path.of(URI.create("file://" + from.orElseThrow().path().getPath()));
    }

    private static org.apache.flink.core.fs.Path uri(LeftBehind left) {
        return new org.apache.flink.core.fs.Path("file:" + left.folder());
    }

    private JobConfig config(String more) throws Exception {
        return ConfigFile.parse(
                """
                kafka.bootstrap-servers: nobody:9092
                kafka.group-id: tickets
                registry.url: http://nobody:8081
                publish.directory: '%s'
                adapters: {spam: {labels: [ham, spam]}}
                flink.%s: '%s'
                flink.%s: '%s'
                %s
                """
                        .formatted(
                                published,
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                                checkpoints.toUri(),
                                CheckpointingOptions.SAVEPOINT_DIRECTORY.key(),
                                savepoints.toUri(),
                                more),
                "rankstream.yaml");
    }
}
