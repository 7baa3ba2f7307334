package io.rankstream.ops.cli;

import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.job.batch.CommandLabels;
import io.rankstream.job.batch.MeantAdapter;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.record.RecordId;
import io.rankstream.job.topic.Topic;
import io.rankstream.ops.cli.option.BrokerContact;
import io.rankstream.ops.cli.option.ConfigOption;
import io.rankstream.ops.cli.option.ExitCode;
import io.rankstream.ops.cli.option.LabelList;
import io.rankstream.ops.control.CommandChannel;
import io.rankstream.ops.control.CommandChannelException;
import io.rankstream.ops.standing.JobSight;
import io.rankstream.ops.standing.ToldAdapters;
import io.rankstream.schemas.CommandAnswer;
import io.rankstream.schemas.CommandOutcome;
import io.rankstream.schemas.ControlAction;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Gives a command to one adapter of a running job. */
@Command(
        name = "control",
        description = {
            "Gives a command to one adapter of a running job, and waits for the answer, which comes"
                    + " with the job's next checkpoint.",
            "",
            "pause holds the adapter's examples, up to batch.max-held of them; resume learns from"
                    + " them. publish makes a version of what the adapter is now. roll-back returns"
                    + " it to a published version, weights, moments, importance and budget, and"
                    + " publishes that as the newest one. reset lets it start anew. set-budget sets"
                    + " the rank budget that its schedule ends at. add-label lets it learn new labels,"
                    + " or retired ones again with what they knew; retire-label takes labels out of"
                    + " use, and keeps what they know. expect-drift announces a change of the stream,"
                    + " so that it raises no alarm; confirm-drift and dismiss-drift say that the last"
                    + " alarm was real, or false. Other adapters do not notice."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:carried out, now or before",
            "  1:refused or stale; nothing was changed",
            "  2:wrong usage or configuration",
            "  3:broker, registry or job not there, or no answer in time",
            "130:interrupted"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ControlCommand implements Callable<Integer> {

    /** What a user can ask for. */
    private enum Action {
        PAUSE("pause", ControlAction.PAUSE),
        RESUME("resume", ControlAction.RESUME),
        PUBLISH("publish", ControlAction.PUBLISH),
        ROLL_BACK("roll-back", ControlAction.ROLL_BACK),
        RESET("reset", ControlAction.RESET),
        SET_BUDGET("set-budget", ControlAction.SET_BUDGET),
        ADD_LABEL("add-label", ControlAction.ADD_LABEL),
        RETIRE_LABEL("retire-label", ControlAction.RETIRE_LABEL),
        EXPECT_DRIFT("expect-drift", ControlAction.EXPECT_DRIFT),
        CONFIRM_DRIFT("confirm-drift", ControlAction.CONFIRM_DRIFT),
        DISMISS_DRIFT("dismiss-drift", ControlAction.DISMISS_DRIFT);

        private final String text;
        private final ControlAction action;

        Action(String text, ControlAction action) {
            this.text = text;
            this.action = action;
        }

        boolean takesLabels() {
            return this == ADD_LABEL || this == RETIRE_LABEL;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** What there is, each once, as a user writes it. */
    static final class Actions implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Stream.of(Action.values()).map(Action::toString).iterator();
        }
    }

    static final class ActionConverter implements ITypeConverter<Action> {

        @Override
        public Action convert(String given) {
            return Stream.of(Action.values())
                    .filter(action -> action.text.equals(given.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "'%s', expected one of %s"
                                                    .formatted(
                                                            given,
                                                            String.join(", ", new Actions()))));
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            converter = ActionConverter.class,
            completionCandidates = Actions.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private Action action;

    @Parameters(index = "1", paramLabel = "ADAPTER", description = "Id of the adapter.")
    private String adapter;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "LABEL",
            description = "Labels, for add-label and retire-label, " + LabelList.RULE + ".")
    private List<String> given = List.of();

    @Mixin private ConfigOption config;

    @Option(
            names = "--to-version",
            paramLabel = "N",
            description = "Published version to return to, for roll-back.")
    private Long version;

    @Option(
            names = "--budget",
            paramLabel = "N",
            description =
                    "Triplets over all modules, for set-budget; 0 gives the budget back to the"
                            + " schedule, or to the fleet.")
    private Integer budget;

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description =
                    "Carry it out only if the adapter is still at this revision, which every answer"
                            + " tells.")
    private Long expectedRevision;

    @Option(
            names = "--command-id",
            paramLabel = "ID",
            description =
                    "Id of the command: one that was given before is not carried out again. Made up"
                            + " by default.")
    private String commandId;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for the answer. Default: ${DEFAULT-VALUE}.")
    private int wait;

    @Spec private CommandSpec spec;

    private List<String> labels;

    @Override
    public Integer call() throws Exception {
        check();
        String id = commandId == null ? UUID.randomUUID().toString() : commandId;
        JobConfig job = config.job();
        Set<String> named = job.adapters().named().keySet();
        if (job.adapters().of(adapter).isEmpty()) {
            say(
                    spec.commandLine().getOut(),
                    "%s REFUSED: the configuration does not name adapter '%s'%s; nothing was sent"
                            .formatted(action, adapter, MeantAdapter.among(named, adapter)));
            return ExitCode.FAILED;
        }
        BrokerContact.require(job.kafka(), spec.commandLine().getErr());
        Set<String> others = named.contains(adapter) ? Set.of() : othersIfUnknown(job);
        tellUnknown(others);
        try (CommandChannel channel = CommandChannel.open(job)) {
            tellIfUnseen(job);
            CommandAnswer answer =
                    channel.send(command(id), Duration.ofSeconds(wait))
                            .orElseThrow(() -> unanswered(id));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "%s %s: %s (adapter '%s', step %d, version %d, revision %d)%n",
                    action,
                    answer.getOutcome(),
                    answer.getMessage() + advice(answer, others),
                    adapter,
                    answer.getStep(),
                    answer.getVersion(),
                    answer.getRevision());
            out.flush();
            return answer.getOutcome() == CommandOutcome.DONE
                            || answer.getOutcome() == CommandOutcome.REPEATED
                    ? ExitCode.OK
                    : ExitCode.FAILED;
        }
    }

    /** Without a job, nobody answers, and the command waits for the next one. */
    private void tellIfUnseen(JobConfig job) throws Exception {
        JobSight.Seen seen = JobSight.lookFor(job, Instant.now());
        if (seen.doing() == JobSight.Doing.UNSEEN) {
            say(
                    spec.commandLine().getErr(),
                    "rankstream: %s The command is sent all the same: whichever job reads %s next carries it out"
                            .formatted(seen.sentence(), job.topics().of(Topic.CONTROL_COMMANDS)));
        }
    }

    /** The adapters that the job has told of; none where it has told of this one. */
    private Set<String> othersIfUnknown(JobConfig job) throws Exception {
        ToldAdapters told = ToldAdapters.lookFor(adapter, job);
        return told.isAmongThem() ? Set.of() : told.others();
    }

    /** The job alone knows, and answers with its next checkpoint: a slip is told before. */
    private void tellUnknown(Set<String> others) {
        if (!others.isEmpty()) {
            say(
                    spec.commandLine().getErr(),
                    "rankstream: the job has said nothing about adapter '%s'%s; its own answer comes with its next checkpoint"
                            .formatted(adapter, MeantAdapter.among(others, adapter)));
        }
    }

    /**
     * What the job's own answer cannot say: it is given by a task that knows its adapters alone.
     */
    private String advice(CommandAnswer answer, Set<String> others) {
        return answer.getOutcome() == CommandOutcome.REFUSED
                ? MeantAdapter.among(others, adapter)
                : "";
    }

    private static void say(PrintWriter to, String sentence) {
        to.println(sentence);
        to.flush();
    }

    private void check() {
        if (!AdapterId.isValid(adapter)) {
            throw wrong(
                    "%s is no adapter id, expected %s"
                            .formatted(Excerpt.of(adapter), AdapterId.RULE));
        }
        if (commandId != null && !RecordId.isPlain(commandId)) {
            throw wrong(
                    "--command-id is %s, expected %s"
                            .formatted(Excerpt.of(commandId), RecordId.PLAIN_RULE));
        }
        requireOnlyWith(Action.ROLL_BACK, "--to-version", version);
        requireOnlyWith(Action.SET_BUDGET, "--budget", budget);
        requireAtLeast(1, "--to-version", version);
        requireAtLeast(0, "--budget", budget);
        requireAtLeast(0, "--expected-revision", expectedRevision);
        requireAtLeast(1, "--wait", wait);
        labels = LabelList.read(given, spec);
        if (action.takesLabels() == labels.isEmpty()) {
            throw wrong(
                    action.takesLabels()
                            ? "%s needs one label or more, after the adapter".formatted(action)
                            : "%s takes no labels, found %s".formatted(action, labels));
        }
        if (labels.size() > CommandLabels.MOST_OF_AN_ADAPTER) {
            throw wrong(
                    "%s names %,d labels, expected at most %,d"
                            .formatted(action, labels.size(), CommandLabels.MOST_OF_AN_ADAPTER));
        }
    }

    private void requireAtLeast(long least, String option, Number value) {
        if (value != null && value.longValue() < least) {
            throw wrong("%s is %d, expected %d or more".formatted(option, value, least));
        }
    }

    private void requireOnlyWith(Action owner, String option, Object value) {
        if ((action == owner) != (value != null)) {
            throw wrong(
                    action == owner
                            ? "%s needs %s".formatted(owner, option)
                            : "%s is for %s alone".formatted(option, owner));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private io.rankstream.schemas.ControlCommand command(String id) {
        return io.rankstream.schemas.ControlCommand.newBuilder()
                .setCommandId(id)
                .setAdapterId(adapter)
                .setAction(action.action)
                .setVersion(version)
                .setBudget(budget)
                .setLabels(labels)
                .setExpectedRevision(expectedRevision)
                .setIssuedAt(Instant.now())
                .build();
    }

    private CommandChannelException unanswered(String id) {
        return new CommandChannelException(
                "no answer within %d s: does the job run, and take checkpoints? The command stays on its topic, and the job carries it out when it runs; ask again with --command-id %s, which is not carried out twice"
                        .formatted(wait, id));
    }
}
