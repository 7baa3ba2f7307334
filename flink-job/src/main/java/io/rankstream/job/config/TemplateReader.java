package io.rankstream.job.config;

import static io.rankstream.job.config.RankstreamOptions.ALPHA;
import static io.rankstream.job.config.RankstreamOptions.BETA1;
import static io.rankstream.job.config.RankstreamOptions.BETA2;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_FINAL_STEPS;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_MASK_INTERVAL;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_RAMP_EXAMPLES;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_RAMP_STEPS;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_SCHEDULE;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_TARGET_RANK;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_TOTAL_STEPS;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_WARMUP_EXAMPLES;
import static io.rankstream.job.config.RankstreamOptions.BUDGET_WARMUP_STEPS;
import static io.rankstream.job.config.RankstreamOptions.DRIFT;
import static io.rankstream.job.config.RankstreamOptions.DRIFT_DETECTOR;
import static io.rankstream.job.config.RankstreamOptions.DRIFT_INPUTS;
import static io.rankstream.job.config.RankstreamOptions.DRIFT_RUN_LENGTH;
import static io.rankstream.job.config.RankstreamOptions.DROPOUT;
import static io.rankstream.job.config.RankstreamOptions.EPSILON;
import static io.rankstream.job.config.RankstreamOptions.EXAMPLES_PER_PASS;
import static io.rankstream.job.config.RankstreamOptions.HEAD;
import static io.rankstream.job.config.RankstreamOptions.HEAD_LEARNING_RATE;
import static io.rankstream.job.config.RankstreamOptions.INIT_RANK;
import static io.rankstream.job.config.RankstreamOptions.LABELS;
import static io.rankstream.job.config.RankstreamOptions.LEARNING_RATE;
import static io.rankstream.job.config.RankstreamOptions.MAX_GRADIENT_NORM;
import static io.rankstream.job.config.RankstreamOptions.METHOD;
import static io.rankstream.job.config.RankstreamOptions.MIXTURE;
import static io.rankstream.job.config.RankstreamOptions.OPTIMIZER_DECAY_END_STEP;
import static io.rankstream.job.config.RankstreamOptions.OPTIMIZER_WARMUP_EXAMPLES;
import static io.rankstream.job.config.RankstreamOptions.OPTIMIZER_WARMUP_STEPS;
import static io.rankstream.job.config.RankstreamOptions.ORTHOGONALITY_COEFFICIENT;
import static io.rankstream.job.config.RankstreamOptions.ORTHOGONALITY_FORM;
import static io.rankstream.job.config.RankstreamOptions.POOLING;
import static io.rankstream.job.config.RankstreamOptions.PROBE_PERIOD;
import static io.rankstream.job.config.RankstreamOptions.PROBE_SHARE;
import static io.rankstream.job.config.RankstreamOptions.REPLAY_MAX_SIZE;
import static io.rankstream.job.config.RankstreamOptions.REPLAY_SHARE;
import static io.rankstream.job.config.RankstreamOptions.SEED;
import static io.rankstream.job.config.RankstreamOptions.SENSITIVITY_DECAY;
import static io.rankstream.job.config.RankstreamOptions.TARGET_MODULES;
import static io.rankstream.job.config.RankstreamOptions.TASK;
import static io.rankstream.job.config.RankstreamOptions.THRESHOLD;
import static io.rankstream.job.config.RankstreamOptions.UNCERTAINTY_DECAY;
import static io.rankstream.job.config.RankstreamOptions.WEIGHT_DECAY;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.ConstantBudgetSchedule;
import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.probe.ProbeSettings;
import io.rankstream.adapters.replay.ReplaySettings;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import io.rankstream.adapters.task.multilabel.MultiLabel;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.job.config.RankstreamOptions.BudgetForm;
import io.rankstream.job.config.option.Errors;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/** Checks the values of an adapter against each other and makes its template. */
record TemplateReader(Values values, Errors errors) {

    /** Keys that tell how ranks are allocated. */
    private static final List<ConfigOption<?>> ALLOCATION =
            List.of(
                    BUDGET_TARGET_RANK,
                    BUDGET_WARMUP_STEPS,
                    BUDGET_MASK_INTERVAL,
                    SENSITIVITY_DECAY,
                    UNCERTAINTY_DECAY);

    private static final List<ConfigOption<Long>> BUDGET_IN_EXAMPLES =
            List.of(BUDGET_WARMUP_EXAMPLES, BUDGET_RAMP_EXAMPLES);

    private static final List<ConfigOption<Long>> BUDGET_IN_STEPS =
            List.of(BUDGET_WARMUP_STEPS, BUDGET_RAMP_STEPS);

    private static final List<ConfigOption<Long>> RATE_IN_EXAMPLES =
            List.of(OPTIMIZER_WARMUP_EXAMPLES);

    /** A decay ends at a step, so its warm-up is counted in steps too. */
    private static final List<ConfigOption<Long>> RATE_IN_STEPS =
            List.of(OPTIMIZER_WARMUP_STEPS, OPTIMIZER_DECAY_END_STEP);

    /**
     * Whether the file, by giving the option its default, says more than by leaving it out: what a
     * warm-up is counted in, or something that not every task and head can have.
     */
    static boolean isToldByBeingGiven(ConfigOption<?> option) {
        return option.equals(POOLING)
                || option.equals(THRESHOLD)
                || option.equals(MIXTURE)
                || Stream.of(BUDGET_IN_EXAMPLES, BUDGET_IN_STEPS, RATE_IN_EXAMPLES, RATE_IN_STEPS)
                        .anyMatch(options -> options.contains(option));
    }

    /**
     * Reports keys of this group that do nothing under the task, method and schedule of this group.
     */
    void rejectIdleKeys() {
        if (values.have(TASK) && !(Tasks.of(values.get(TASK)) instanceof MultiLabel)) {
            rejectIdle(TASK, new MultiLabel().id(), THRESHOLD);
        }
        if (values.have(TASK, MIXTURE)
                && values.get(MIXTURE)
                && !Tasks.of(values.get(TASK)).saysOneLabel()) {
            rejectIdle(TASK, tasks(Task::saysOneLabel), MIXTURE);
        }
        if (!values.have(METHOD, BUDGET_SCHEDULE)) {
            return;
        }
        if (!values.get(METHOD).adaptsModules()) {
            rejectIdle(METHOD, "adalora or lora", TARGET_MODULES, INIT_RANK, ALPHA, DROPOUT);
        }
        if (values.get(METHOD).allocates()) {
            rejectIdleBudgetKeys();
        } else {
            rejectIdle(
                    METHOD,
                    "adalora",
                    BUDGET_SCHEDULE,
                    BUDGET_WARMUP_EXAMPLES,
                    BUDGET_RAMP_EXAMPLES,
                    BUDGET_RAMP_STEPS,
                    BUDGET_TOTAL_STEPS,
                    BUDGET_FINAL_STEPS,
                    ORTHOGONALITY_COEFFICIENT,
                    ORTHOGONALITY_FORM);
            ALLOCATION.forEach(option -> rejectIdle(METHOD, "adalora", option));
        }
    }

    private static String tasks(Predicate<Task<?>> chosen) {
        return Tasks.ALL.stream().filter(chosen).map(Task::id).collect(Collectors.joining(", "));
    }

    private void rejectIdleBudgetKeys() {
        if (values.get(BUDGET_SCHEDULE) != BudgetForm.FINITE) {
            rejectIdle(BUDGET_SCHEDULE, "finite", BUDGET_TOTAL_STEPS, BUDGET_FINAL_STEPS);
        }
        if (values.get(BUDGET_SCHEDULE) != BudgetForm.STREAMING) {
            rejectIdle(
                    BUDGET_SCHEDULE,
                    "streaming",
                    BUDGET_WARMUP_EXAMPLES,
                    BUDGET_RAMP_EXAMPLES,
                    BUDGET_RAMP_STEPS);
        }
        if (values.get(BUDGET_SCHEDULE) == BudgetForm.CONSTANT) {
            ALLOCATION.forEach(
                    option -> rejectIdle(BUDGET_SCHEDULE, "streaming or finite", option));
        }
    }

    private void rejectIdle(ConfigOption<?> cause, String otherwise, ConfigOption<?>... idle) {
        for (ConfigOption<?> option : idle) {
            if (values.givesItself(option)) {
                errors.add(
                        values.lineOf(option),
                        "%s only means something where %s is %s; remove it, or set that so"
                                .formatted(values.ownKey(option), values.keyOf(cause), otherwise));
            }
        }
    }

    /** The schedule in effect: only AdaLoRA has a budget. */
    private BudgetForm budgetForm() {
        return values.have(METHOD) && values.get(METHOD).allocates()
                ? values.get(BUDGET_SCHEDULE)
                : BudgetForm.CONSTANT;
    }

    /** Reports what cannot be together in one template. */
    void check() {
        checkHead();
        if (!hasLabels()) {
            rejectIdle(TASK, "one of " + tasks(Task::hasLabels), LABELS);
        } else if (values.lack(LABELS)) {
            errors.add(
                    0,
                    values.ownKey(LABELS)
                            + " is missing, expected a list of at least two labels; add it, or"
                            + " training.labels");
        } else if (values.have(TASK, LABELS)) {
            Tasks.of(values.get(TASK))
                    .flaw(values.get(LABELS))
                    .ifPresent(
                            flaw ->
                                    errors.add(
                                            values.lineOf(LABELS),
                                            "%s does not fit %s: %s"
                                                    .formatted(
                                                            values.keyOf(LABELS),
                                                            values.get(TASK),
                                                            flaw)));
        }
        checkKeptExamples();
        rejectTwoUnits(RATE_IN_EXAMPLES, RATE_IN_STEPS);
        checkLearningRate();
        if (budgetForm() == BudgetForm.STREAMING) {
            rejectTwoUnits(BUDGET_IN_EXAMPLES, BUDGET_IN_STEPS);
        }
        if (budgetForm() != BudgetForm.CONSTANT) {
            checkRanks();
        }
        if (budgetForm() == BudgetForm.FINITE) {
            checkFiniteSchedule();
        }
    }

    /** Whether the budget of adapters of this group can be moved; not where it is wrong. */
    boolean movesBudget() {
        return values.have(METHOD, BUDGET_SCHEDULE) && budgetForm() == BudgetForm.STREAMING;
    }

    /** Whether adapters of this group have labels; so it is assumed where the task is wrong. */
    boolean hasLabels() {
        return !values.have(TASK) || Tasks.of(values.get(TASK)).hasLabels();
    }

    private void checkHead() {
        if (!values.have(HEAD, POOLING, TASK) || values.source(POOLING).isEmpty()) {
            return;
        }
        Pooling given = values.get(POOLING);
        Reading reading = Tasks.of(values.get(TASK)).reading();
        if (given.fits(reading, values.get(HEAD))) {
            return;
        }
        String wrong =
                "%s is %s, "
                        .formatted(values.keyOf(POOLING), given.name().toLowerCase(Locale.ROOT));
        if (reading != Reading.WHOLE) {
            wrong +=
                    "expected none because %s is %s, whose head reads every token; remove it"
                            .formatted(values.keyOf(TASK), values.get(TASK));
        } else if (values.get(HEAD) == HeadForm.OWN) {
            wrong +=
                    "expected cls or mean because %s is own; remove it, or take the head linear"
                            .formatted(values.keyOf(HEAD));
        } else {
            wrong +=
                    "expected mean, cls or pooler because %s is %s, whose head reads one vector"
                            .formatted(values.keyOf(TASK), values.get(TASK));
        }
        errors.add(values.lineOf(POOLING), wrong);
    }

    private void checkKeptExamples() {
        if (!values.have(TASK) || Tasks.of(values.get(TASK)).keepsExamples()) {
            return;
        }
        for (ConfigOption<Double> share : List.of(PROBE_SHARE, REPLAY_SHARE)) {
            if (values.have(share) && values.get(share) > 0) {
                errors.add(
                        values.lineOf(share),
                        "%s is %s, expected 0 because %s is %s, whose examples are not kept"
                                .formatted(
                                        values.keyOf(share),
                                        values.get(share),
                                        values.keyOf(TASK),
                                        values.get(TASK)));
            }
        }
    }

    /** Reports what is counted in steps beside what is counted in examples. */
    private void rejectTwoUnits(
            List<ConfigOption<Long>> inExamples, List<ConfigOption<Long>> inSteps) {
        Optional<ConfigOption<Long>> examples = givenOf(inExamples);
        Optional<ConfigOption<Long>> steps = givenOf(inSteps);
        if (examples.isPresent() && steps.isPresent()) {
            errors.add(
                    values.lineOf(steps.get()),
                    "%s counts in steps, but %s in examples; keep one of the two"
                            .formatted(values.keyOf(steps.get()), values.keyOf(examples.get())));
        }
    }

    /** The first of the options that the file gives, here or for all adapters. */
    private Optional<ConfigOption<Long>> givenOf(List<ConfigOption<Long>> options) {
        return options.stream().filter(option -> values.source(option).isPresent()).findFirst();
    }

    /** What is counted in, where these options decide on it. */
    private Counted counted(List<ConfigOption<Long>> inExamples, List<ConfigOption<Long>> inSteps) {
        if (givenOf(inSteps).isPresent()) {
            return Counted.STEPS;
        }
        return givenOf(inExamples).isPresent() ? Counted.EXAMPLES : values.defaults().warmUps();
    }

    private void checkRanks() {
        if (values.have(BUDGET_TARGET_RANK, INIT_RANK)
                && values.get(BUDGET_TARGET_RANK) > values.get(INIT_RANK)) {
            values.reject(
                    BUDGET_TARGET_RANK,
                    "at most",
                    INIT_RANK,
                    "lower it or raise the other",
                    errors);
        }
    }

    private void checkLearningRate() {
        if (values.have(OPTIMIZER_DECAY_END_STEP, OPTIMIZER_WARMUP_STEPS)
                && values.get(OPTIMIZER_DECAY_END_STEP) != 0
                && values.get(OPTIMIZER_DECAY_END_STEP) <= values.get(OPTIMIZER_WARMUP_STEPS)) {
            values.reject(
                    OPTIMIZER_DECAY_END_STEP,
                    "0 or more than",
                    OPTIMIZER_WARMUP_STEPS,
                    "raise it or shorten the warm-up",
                    errors);
        }
    }

    private void checkFiniteSchedule() {
        requireForFinite(BUDGET_TOTAL_STEPS);
        requireForFinite(BUDGET_FINAL_STEPS);
        if (values.have(BUDGET_TOTAL_STEPS, BUDGET_FINAL_STEPS, BUDGET_WARMUP_STEPS)) {
            checkRampRemains();
        }
    }

    private void requireForFinite(ConfigOption<Long> option) {
        if (values.lack(option)) {
            errors.add(
                    values.lineOf(BUDGET_SCHEDULE),
                    "%s is missing, expected a number of steps because %s is finite; add it"
                            .formatted(
                                    values.giverOf(BUDGET_SCHEDULE).ownKey(option),
                                    values.keyOf(BUDGET_SCHEDULE)));
        }
    }

    private void checkRampRemains() {
        long fixed = values.get(BUDGET_WARMUP_STEPS) + values.get(BUDGET_FINAL_STEPS);
        if (values.get(BUDGET_TOTAL_STEPS) <= fixed) {
            errors.add(
                    values.lineOf(BUDGET_TOTAL_STEPS),
                    ("%s is %d, expected more than %s and %s together, which are %d; raise it"
                                    + " or lower them")
                            .formatted(
                                    values.keyOf(BUDGET_TOTAL_STEPS),
                                    values.get(BUDGET_TOTAL_STEPS),
                                    values.keyOf(BUDGET_WARMUP_STEPS),
                                    values.keyOf(BUDGET_FINAL_STEPS),
                                    fixed));
        }
    }

    /** Template; only after no check has found an error. */
    TrainingTemplate template() {
        Task<?> task =
                Tasks.of(values.get(TASK))
                        .with(Map.of(MultiLabel.THRESHOLD, values.get(THRESHOLD)));
        HeadForm form = values.get(HEAD);
        return TrainingTemplate.of(task)
                .labels(hasLabels() && values.have(LABELS) ? values.get(LABELS) : List.of())
                .head(form)
                .pooling(
                        values.source(POOLING).isPresent()
                                ? values.get(POOLING)
                                : Pooling.usual(task.reading(), form))
                .method(values.get(METHOD))
                .targetModules(values.get(TARGET_MODULES))
                .initRank(values.get(INIT_RANK))
                .alpha(values.get(ALPHA))
                .dropout(values.get(DROPOUT))
                .schedule(schedule())
                .sensitivityDecay(values.get(SENSITIVITY_DECAY))
                .uncertaintyDecay(values.get(UNCERTAINTY_DECAY))
                .orthogonality(
                        new OrthogonalityPenalty(
                                values.get(METHOD).allocates()
                                        ? values.get(ORTHOGONALITY_COEFFICIENT)
                                        : 0,
                                values.get(ORTHOGONALITY_FORM)))
                .optimizer(optimizer())
                .mixture(values.get(MIXTURE))
                .drift(
                        new DriftSettings(
                                values.get(DRIFT),
                                values.get(DRIFT_DETECTOR),
                                values.get(DRIFT_RUN_LENGTH),
                                values.get(DRIFT_INPUTS)))
                .probes(new ProbeSettings(values.get(PROBE_SHARE), values.get(PROBE_PERIOD)))
                .replay(
                        new ReplaySettings(
                                values.get(REPLAY_SHARE),
                                (int) values.get(REPLAY_MAX_SIZE).getBytes()))
                .examplesPerPass(values.get(EXAMPLES_PER_PASS))
                .seed(values.get(SEED))
                .build();
    }

    private BudgetSchedule schedule() {
        return switch (budgetForm()) {
            case STREAMING -> streaming(counted(BUDGET_IN_EXAMPLES, BUDGET_IN_STEPS));
            case FINITE ->
                    new FiniteBudgetSchedule(
                            values.get(BUDGET_TOTAL_STEPS),
                            values.get(BUDGET_WARMUP_STEPS),
                            values.get(BUDGET_FINAL_STEPS),
                            values.get(BUDGET_MASK_INTERVAL),
                            values.get(BUDGET_TARGET_RANK));
            case CONSTANT -> new ConstantBudgetSchedule();
        };
    }

    private StreamingBudgetSchedule streaming(Counted counted) {
        boolean inSteps = counted == Counted.STEPS;
        return new StreamingBudgetSchedule(
                counted,
                values.get(inSteps ? BUDGET_WARMUP_STEPS : BUDGET_WARMUP_EXAMPLES),
                values.get(inSteps ? BUDGET_RAMP_STEPS : BUDGET_RAMP_EXAMPLES),
                values.get(BUDGET_MASK_INTERVAL),
                values.get(BUDGET_TARGET_RANK));
    }

    private LearningRateSchedule learningRate(Counted counted) {
        return counted == Counted.STEPS
                ? new LearningRateSchedule(
                        values.get(OPTIMIZER_WARMUP_STEPS), values.get(OPTIMIZER_DECAY_END_STEP))
                : new LearningRateSchedule(counted, values.get(OPTIMIZER_WARMUP_EXAMPLES), 0);
    }

    private OptimizerSettings optimizer() {
        return new OptimizerSettings(
                values.get(LEARNING_RATE),
                values.get(HEAD_LEARNING_RATE),
                values.get(BETA1),
                values.get(BETA2),
                values.get(EPSILON),
                values.get(WEIGHT_DECAY),
                values.get(MAX_GRADIENT_NORM),
                learningRate(counted(RATE_IN_EXAMPLES, RATE_IN_STEPS)));
    }
}
