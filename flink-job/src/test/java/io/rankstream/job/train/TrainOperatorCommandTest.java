package io.rankstream.job.train;

import static io.rankstream.job.train.MicroBatches.poison;
import static io.rankstream.job.train.MicroBatches.unlabeled;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.job.batch.Commands;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.state.Backend;
import io.rankstream.job.version.AdapterRelease;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator does with a command. */
@ParameterizedClass
@EnumSource(Backend.class)
class TrainOperatorCommandTest extends OperatorInHarness {

    TrainOperatorCommandTest(Backend backend) {
        super(backend);
    }

    @Test
    void publishesNowAndNothingTwice() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("a", 2));

        carryOut(Commands.of("a", ControlAction.PUBLISH));
        carryOut(Commands.of("a", ControlAction.PUBLISH));

        assertThat(versions()).containsExactly("a1@2");
        assertThat(answers())
                .extracting(CommandAnswer::getOutcome)
                .containsExactly(CommandOutcome.DONE, CommandOutcome.DONE);
        assertThat(answers().get(1).getMessage())
                .isEqualTo("no step was taken since version 1, which stays the newest");
    }

    @Test
    void rollsBackToAPublishedVersionBitForBitAndLeavesTheOthersAlone() throws Exception {
        open(ONE_ADAPTER, 3);
        give(batches("a", 3));
        give(batches("b", 2));
        harness.publish(temp);
        AdapterState published = side(TrainOutputs.RELEASES).get(0).state();
        give(batches("a", 2));

        carryOut(rollBack("a", 1));
        harness.snapshot(1, 1);

        assertThat(versions()).containsExactly("a1@3", "a2@3");
        AdapterState returned = side(TrainOutputs.RELEASES).get(1).state();
        assertThat(returned).isEqualTo(published.withVersionAfter(2));
        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.DONE);
                            assertThat(answer.getMessage())
                                    .contains("from step 5 to version 1 of step 3");
                            assertThat(answer.getVersion()).isEqualTo(2);
                        });
        assertThat(stepInState("a")).isEqualTo(3);
        assertThat(stepInState("b")).isEqualTo(2);
    }

    @Test
    void rollsBackSoThatTheSameExamplesLeadToTheSameState() throws Exception {
        open(ALL_ADAPTERS, 3);
        give(batches("a", 3));
        harness.publish(temp);
        give(batches("a", 3));
        carryOut(rollBack("a", 1));

        give(batches("a", 3));

        List<AdapterRelease> releases = side(TrainOutputs.RELEASES);
        assertThat(versions()).containsExactly("a1@3", "a2@6", "a3@3", "a4@6");
        assertThat(releases.get(3).state()).isEqualTo(releases.get(1).state().withVersionAfter(4));
    }

    @ParameterizedTest
    @ValueSource(longs = {2, Long.MAX_VALUE})
    void refusesToRollBackToAVersionThatIsNone(long version) throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("a", 1));
        carryOut(Commands.of("a", ControlAction.PUBLISH));
        harness.publish(temp);

        carryOut(rollBack("a", version));

        assertThat(answers().get(1).getOutcome()).isEqualTo(CommandOutcome.REFUSED);
        assertThat(answers().get(1).getMessage()).contains("expected one of", "1 to 1");
        assertThat(versions()).containsExactly("a1@1");
    }

    @Test
    void refusesToRollBackToAVersionWhoseFilesAreNotWhatTheManifestSays() throws Exception {
        open(ALL_ADAPTERS, 2);
        give(batches("a", 2));
        harness.publish(temp);
        Path snapshot =
                temp.resolve("adapters").resolve("a/v00000001").resolve(AdapterSnapshot.FILE);
        byte[] damaged = Files.readAllBytes(snapshot);
        damaged[damaged.length - 1] ^= 1;
        Files.write(snapshot, damaged);
        give(batches("a", 1));

        carryOut(rollBack("a", 1));
        give(batches("a", 1));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage())
                                    .contains("adapter 'a'", "is not what manifest.json lists");
                        });
        assertThat(versions()).containsExactly("a1@2", "a2@4");
    }

    @ParameterizedTest
    @EnumSource(Tampering.class)
    void refusesToRollBackToWhatIsNotThatVersionOfThatAdapter(Tampering tampering)
            throws Exception {
        open(ALL_ADAPTERS, 2);
        give(batches("a", 2));
        give(batches("b", 2));
        give(batches("a", 2));
        harness.publish(temp);
        Path versions = temp.resolve("adapters");
        tampering.strike(versions.resolve("a/v00000001"), versions);
        give(batches("a", 1));

        carryOut(rollBack("a", 1));
        give(batches("a", 1));
        give(batches("b", 2));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage())
                                    .contains("v00000001", "adapter 'a'")
                                    .doesNotContain("\n");
                        });
        assertThat(versions()).containsExactly("a1@2", "b1@2", "a2@4", "a3@6", "b2@4");
    }

    @Test
    void resetsToStepZeroAndCountsVersionsOn() throws Exception {
        open(ALL_ADAPTERS, 2);
        give(batches("a", 2));

        carryOut(Commands.of("a", ControlAction.RESET));
        give(batches("a", 2));

        assertThat(versions()).containsExactly("a1@2", "a2@2");
        List<AdapterRelease> releases = side(TrainOutputs.RELEASES);
        assertThat(releases.get(1).state()).isEqualTo(releases.get(0).state().withVersionAfter(2));
    }

    @Test
    void setsTheBudgetOfOneAdapter() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("a", 8));
        give(batches("b", 8));
        int before = lastReport().getBudget();
        ControlCommand command = Commands.of("a", ControlAction.SET_BUDGET);
        command.setBudget(before + 1);

        carryOut(command);
        give(batches("a", 2));
        assertThat(lastReport().getBudget()).isEqualTo(before + 1);
        assertThat(lastReport().getLiveRanks().stream().mapToInt(rank -> rank).sum())
                .isEqualTo(before + 1);
        give(batches("b", 2));
        assertThat(lastReport().getBudget()).isEqualTo(before);
    }

    @Test
    void refusesABudgetAboveItsTriplets() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(batches("a", 1));
        ControlCommand command = Commands.of("a", ControlAction.SET_BUDGET);
        command.setBudget(Integer.MAX_VALUE);

        carryOut(command);

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage()).contains("expected 0 to");
                        });
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNKNOWN", "PAUSE", "RESUME"})
    void isRefusedBeforeTheFirstExample(ControlAction action) throws Exception {
        open(ALL_ADAPTERS, NEVER);

        carryOut(Commands.of("a", action));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getStep()).isZero();
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage()).contains("has not learned");
                        });
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void isRefusedAsLongAsEveryExampleWas() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        give(List.of(poison("a"), unlabeled("a")));

        carryOut(Commands.of("a", ControlAction.PUBLISH));
        harness.getOperator().finish();

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.getOutcome()).isEqualTo(CommandOutcome.REFUSED);
                            assertThat(answer.getMessage()).contains("has not learned");
                        });
        assertThat(versions()).isEmpty();
    }

    @Test
    void thatIsJudgedAlreadyIsAnswered() throws Exception {
        open(ALL_ADAPTERS, NEVER);
        ControlCommand command = Commands.of("a", ControlAction.PAUSE);

        harness.processElement(
                new JudgedCommand.Answered(command, 4, CommandOutcome.STALE, "too late"), 0);

        assertThat(answers())
                .containsExactly(
                        new CommandAnswer(
                                command.getCommandId(),
                                "PAUSE",
                                CommandOutcome.STALE,
                                "too late",
                                4L,
                                0L,
                                "a",
                                0L,
                                0L));
    }

    private ControlCommand rollBack(String adapterId, long version) {
        ControlCommand command = Commands.of(adapterId, ControlAction.ROLL_BACK);
        command.setVersion(version);
        return command;
    }

    private void carryOut(ControlCommand command) throws Exception {
        harness.processElement(new JudgedCommand.Accepted(command, 1), 0);
    }

    private List<CommandAnswer> answers() {
        return harness.side(TrainOutputs.ANSWERS);
    }

    private TrainingReport lastReport() {
        List<TrainingReport> reports = harness.extractOutputValues();
        return reports.get(reports.size() - 1);
    }

    /** How a published version is made to be something else. */
    private enum Tampering {
        IS_OF_ANOTHER_ADAPTER {
            @Override
            void strike(Path version, Path versions) throws IOException {
                copy(versions.resolve("b/v00000001"), version);
            }
        },
        IS_ANOTHER_VERSION {
            @Override
            void strike(Path version, Path versions) throws IOException {
                copy(versions.resolve("a/v00000002"), version);
            }
        },
        IS_A_LINK_TO_ANOTHER_ADAPTER {
            @Override
            void strike(Path version, Path versions) throws IOException {
                FileUtils.deleteDirectory(version.toFile());
                Files.createSymbolicLink(version, versions.resolve("b/v00000001"));
            }
        },
        HAS_A_MANIFEST_THAT_CALLS_ANOTHER_ADAPTER_BY_ITS_NAME {
            @Override
            void strike(Path version, Path versions) throws IOException {
                copy(versions.resolve("b/v00000001"), version);
                replaceInManifest(version, "\"adapter\": \"b\"", "\"adapter\": \"a\"");
            }
        },
        HAS_A_MANIFEST_THAT_LEADS_OUT {
            @Override
            void strike(Path version, Path versions) throws IOException {
                replaceInManifest(version, "labels.json", "../../b/v00000001/labels.json");
            }
        },
        HAS_A_MANIFEST_THAT_LISTS_NOTHING {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.writeString(
                        version.resolve("manifest.json"),
                        "{\"formatVersion\": 1, \"adapter\": \"a\", \"version\": 1, \"files\": []}");
            }
        },
        HAS_A_MANIFEST_OF_NULL {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.writeString(version.resolve("manifest.json"), "null");
            }
        },
        HAS_A_DEEP_MANIFEST {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.writeString(version.resolve("manifest.json"), "[".repeat(100_000));
            }
        },
        HAS_A_FOLDER_FOR_A_MANIFEST {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.delete(version.resolve("manifest.json"));
                Files.createDirectory(version.resolve("manifest.json"));
            }
        },
        LACKS_ANOTHER_FILE {
            @Override
            void strike(Path version, Path versions) throws IOException {
                Files.delete(version.resolve("labels.json"));
            }
        },
        IS_A_FILE {
            @Override
            void strike(Path version, Path versions) throws IOException {
                FileUtils.deleteDirectory(version.toFile());
                Files.writeString(version, "mine");
            }
        };

        abstract void strike(Path version, Path versions) throws IOException;

        private static void copy(Path from, Path to) throws IOException {
            FileUtils.deleteDirectory(to.toFile());
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }

        private static void replaceInManifest(Path version, String found, String other)
                throws IOException {
            Path manifest = version.resolve("manifest.json");
            String text = Files.readString(manifest);
            assertThat(text).contains(found);
            Files.writeString(manifest, text.replace(found, other));
        }
    }
}
