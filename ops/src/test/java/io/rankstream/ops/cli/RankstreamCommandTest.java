package io.rankstream.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.rankstream.ops.dlq.Remedy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class RankstreamCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    demo --examples many   | '--examples': 'many', expected a whole number
                    init x --label ham,spam           | Unknown option: '--label'; did you mean '--labels'?
                    run --confg x                     | Unknown option: '--confg'; did you mean '--config'?
                    sned --config x                   | Unmatched argument at index 0: 'sned'; did you mean 'send'?
                    control pause spam --config x --command-id=       | --command-id is '', expected 1 to 1,024
                    control pause spam --config x --command-id=a\u001bb | --command-id is 'a\\u{1b}b', expected
                    control add-label spam ham,,eggs --config x       | have an empty one
                    control add-label spam "ham --config x            | not closed
                    control add-label spam a,b a --config x           | name one twice
                    control add-label spam a\u0301,\u00e1 --config x | name one twice
                    control retire-label spam a\u0007 --config x      | have 'a\\u{7}', expected 1 to 256 characters
                    control set-budget spam --budget -1 --config x    | --budget is -1, expected 0 or more
                    control roll-back spam --to-version -1 --config x | --to-version is -1, expected 1 or more
                    control pause spam --expected-revision -1 --config x | --expected-revision is -1, expected 0 or more
                    control set-budget spam --budget 99999999999 --config x | '99999999999', expected a whole number of at most 2147483647
                    demo --max-length 3    | --max-length is 3, expected 8 to 512
                    demo --batch-size 0    | --batch-size is 0, expected 1 to 1024
                    demo --threads -1      | --threads is -1, expected 0 to 1024
                    demo --device cuda     | Invalid value for option '--device': 'cuda', expected cpu, gpu, or
                    demo --examples -5     | --examples is -5, expected 0 or more
                    stack --broker-port -1 | --broker-port is -1, expected 0 to 65535
                    stack --registry-port 65536 | --registry-port is 65536, expected 0 to 65535
                    send --config x        | Missing required argument (specify one of these)
                    send --config x --json a --csv b | mutually exclusive
                    send --config x --json a --map labl=b | --map: 'labl' is no field, expected one of
                    send --config x --json a --map label  | --map: 'label' has no '='
                    send --config nowhere --json a | nowhere: there is no such file
                    send --config x --demo --csv b | mutually exclusive
                    send --config x --demo --map label=b | --demo needs no --map
                    send --config x --demo --votes | --demo has mails and no votes
                    send --config x --json a --votes --unlabeled | mutually exclusive
                    send --config x --json a --votes --map text=b | --map: 'text' is no field, expected one of exampleId, adapterId, annotator
                    send --config x --format glue:snli --adapter a f | the format is 'glue:snli', expected one of [glue:cola, glue:sst2,
                    send --config x --format glue:rte f | --adapter
                    send --config x --format glue:rte --adapter a | FILE
                    send --config x --adapter a f | --format
                    send --config x --json a --format glue:rte --adapter a f | mutually exclusive
                    send --config x --format glue:rte --adapter ../a f | --adapter is '../a', but an id is
                    send --config x --format glue:rte --adapter a f --map text=b | --format needs no --map
                    send --config x --format glue:rte --adapter a f --votes | a file of --format has examples and no votes
                    send --config nowhere --format glue:rte f --adapter a | nowhere: there is no such file
                    top --config nowhere   | nowhere: there is no such file
                    top --config x -o xml  | Invalid value for option '--output'
                    init                   | expected either a NAME, or the --config of a job
                    init x --config y      | expected either a NAME, or the --config of a job
                    init x                 | name the labels that an adapter tells apart
                    init x --task regression --labels a,b | a regression has no labels: leave out --labels
                    init x --task regresion | the task is 'regresion', expected one of [classification, multi-label-classification, regression, token-classification, question-answering]
                    init x                 | or say --task regression, if it learns numbers
                    init x --task classification | an adapter of classification tells labels apart: name them, such as --labels refund,broken,late
                    init x --task multi-label-classification | an adapter of multi-label-classification tells labels apart
                    init x --task token-classification | such as --labels O,B-PER,I-PER
                    init x --format glue:rte --labels a,b | --format glue:rte says what an adapter learns: leave out --labels
                    init x --format glue:stsb --task regression | leave out --task
                    init --config x --format glue:rte | --format is for a new job
                    init --config x --task regression | --task is for a new job
                    init x --labels one    | expected a list of at least two labels
                    init ../x --labels a,b | '../x' is no name, expected 1 to 64 letters
                    init x --labels a,b --adapter ../y | --adapter is '../y', but an id is
                    init --config x --labels a,b | --labels is for a new job
                    init --config nowhere  | nowhere: there is no such file
                    run --log / --config x | Invalid value for option '--log': '/' cannot be written
                    config --log /proc/x/y --config x | cannot be written
                    config --log /proc/x --config x | cannot be written
                    run                    | Missing required option: '--config=FILE'
                    config --config nowhere| nowhere: there is no such file
                    control stop spam --config x      | 'stop', expected one of pause, resume, publish, roll-back, reset, set-budget, add-label, retire-label, expect-drift, confirm-drift, dismiss-drift (
                    control add_label a b --config x  | 'add_label', expected one of pause
                    init --config x --labels a        | --labels is for a new job
                    init x --labels "                 | the labels " have a quote that is not closed
                    savepoint inspect http://x/y      | no file system for 'http:' here, expected a path
                    savepoint inspect foo://x/y       | no file system for 'foo:' here, expected a path
                    savepoint inspect /none/chk-7     | 'rankstream savepoint take --config FILE'
                    control pause ../spam --config x  | '../spam' is no adapter id
                    control roll-back spam --config x | roll-back needs --to-version
                    control pause spam --config x --budget 3 | --budget is for set-budget alone
                    control add-label spam --config x        | add-label needs one label or more
                    control pause spam ham --config x        | pause takes no labels, found [ham]
                    control expect-drift spam ham --config x | expect-drift takes no labels, found [ham]
                    control confirm-drift spam --config x --budget 3 | --budget is for set-budget alone
                    control pause spam --config x --wait 0   | --wait is 0, expected 1 or more
                    control pause spam --config nowhere      | nowhere: there is no such file
                    nonsense               | Unmatched argument at index 0: 'nonsense'
                    nonsense --help        | Unmatched argument at index 0: 'nonsense'
                    nonsense -h            | Unmatched argument at index 0: 'nonsense'
                    --help nonsense        | Unmatched argument
                    nonsense --version     | Unmatched argument
                    help nonsense          | Unknown subcommand 'nonsense'
                    help help nonsense     | nonsense
                    dlq nonsense --help    | nonsense
                    dlq peek nonsense -h   | nonsense
                    adapter nonsense --help| nonsense
                    savepoint take-it --help  | take-it
                    run --nonsense --help  | --nonsense
                    demo nonsense --help   | nonsense
                    adapter import x --out y --adapter z --labels a,,b    | have an empty one
                    adapter import x --out y --adapter z --labels "a,b    | not closed
                    adapter import x --out y --adapter z --labels "a"b,c  | behind a closing quote
                    adapter import x --out y --adapter z --labels a --labels a | name one twice
                    dlq peek               | Missing required option: '--config=FILE'
                    dlq peek --config x --limit -1    | --limit is -1, expected 0 or more
                    dlq replay --config x --limit 0   | --limit is 0, expected 1 or more
                    dlq peek --config x --from today  | 'today', expected a time with an offset
                    dlq peek --config x --reason odd  | Invalid value for option '--reason'
                    dlq replay --config nowhere --yes | nowhere: there is no such file
                    """)
    void aMistakeGivesOneSentenceAndExitCodeTwo(String line, String sentence) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
        assertThat(out.toString()).isEmpty();
    }

    static Stream<Arguments> numbers() {
        return commands(RankstreamCommand.commandLine(() -> false))
                .flatMap(
                        command ->
                                command.getCommandSpec().options().stream()
                                        .filter(option -> NUMBERS.contains(option.type()))
                                        .map(
                                                option ->
                                                        Arguments.of(
                                                                command.getCommandSpec()
                                                                        .qualifiedName(),
                                                                option.longestName())));
    }

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class);

    private static Stream<CommandLine> commands(CommandLine root) {
        return Stream.concat(
                Stream.of(root),
                root.getSubcommands().values().stream().flatMap(RankstreamCommandTest::commands));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("numbers")
    void everyNumberIsReadByOneRule(String command, String option) {
        for (String wrong : List.of("x", "1.5", "", "1e3", "99999999999999999999", "0x10")) {
            String[] line = (command + " " + option + "=" + wrong).split(" ", -1);

            CommandRun run = CommandRun.of(Arrays.copyOfRange(line, 1, line.length));

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .contains(option, "'" + wrong + "', expected a whole number");
        }
    }

    @Test
    void anOutputFolderOfSomethingElseGivesOneSentence(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("notes.txt"), "mine");

        assertThat(run("demo", "--out", folder.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("--out");
    }

    @Test
    void configPrintsTheEffectiveValues(@TempDir Path folder) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("rankstream.yaml"),
                        """
                        kafka.bootstrap-servers: localhost:9092
                        registry.url: http://localhost:8081
                        publish.directory: /tmp/adapters
                        training.labels: [ham, spam]
                        flink.execution.checkpointing.dir: file:///tmp/checkpoints
                        """);

        assertThat(run("config", "--config", file.toString())).isZero();
        assertThat(out.toString()).contains("registry.url:").contains("batch.max-examples: 4");
    }

    @Test
    void helpTellsTheExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("130", "wrong usage or configuration");
    }

    @Test
    void helpNamesTheReasonsThatAReplayCures() {
        assertThat(run("dlq", "replay", "--help")).isZero();
        assertThat(Remedy.curable())
                .isNotEmpty()
                .allSatisfy(reason -> assertThat(out.toString()).contains(reason.name()));
    }

    @Test
    void everyTextOfHelpCanBeFormatted() {
        assertThat(helpOf(RankstreamCommand.commandLine(() -> false)))
                .hasSizeGreaterThan(200)
                .allSatisfy(
                        text ->
                                assertThatCode(() -> String.format(text))
                                        .as(text)
                                        .doesNotThrowAnyException());
    }

    private static List<String> helpOf(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<String> texts = new ArrayList<>(List.of(spec.usageMessage().description()));
        spec.args().forEach(argument -> texts.addAll(List.of(argument.description())));
        command.getSubcommands().values().forEach(each -> texts.addAll(helpOf(each)));
        return texts;
    }

    private int run(String... arguments) {
        return RankstreamCommand.commandLine(() -> false)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
