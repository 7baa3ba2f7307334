package io.rankstream.adapters.peft;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.task.regression.Regression;
import io.rankstream.adapters.task.regression.RegressionScore;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An adapter of three modules of initial rank 4 and random values.
 *
 * @param live live pattern, four a module
 * @param values triplets
 * @param schedule rank budget over steps
 */
public record SmallAdapter(boolean[] live, float[] values, BudgetSchedule schedule) {

    public static final String QUERY = "encoder.layer.0.attention.self.query";
    public static final String WIDE = "encoder.layer.0.intermediate.dense";
    public static final String DEEP = "encoder.layer.1.output.dense";

    public static final BaseModel BASE_MODEL =
            new BaseModel("sentence-transformers/all-MiniLM-L6-v2", "00ff", "bert");

    public static final int RANK = 4;
    public static final int STEP = 30;

    public static final TripletLayout LAYOUT =
            new TripletLayout(
                    List.of(
                            new ModuleShape(QUERY, 6, 6),
                            new ModuleShape(WIDE, 6, 10),
                            new ModuleShape(DEEP, 10, 6)),
                    RANK);

    /** The head's weight repeats values from here on: row 2 of the first A, which is pruned. */
    public static final int HEAD_START = 2 * 6;

    private static final int HEAD_SIZE = 2 * 6 + 2;

    public static SmallAdapter unmasked() {
        SplittableRandom random = new SplittableRandom(5);
        float[] values = new float[LAYOUT.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        boolean[] live = new boolean[LAYOUT.triplets()];
        Arrays.fill(live, true);
        return new SmallAdapter(live, values, new StreamingBudgetSchedule(5, 10, 3, 2));
    }

    /** Live ranks 3, 1 and 0. */
    public static SmallAdapter masked() {
        SmallAdapter all = unmasked();
        boolean[] live = new boolean[LAYOUT.triplets()];
        live[0] = true;
        live[1] = true;
        live[3] = true;
        live[RANK + 2] = true;
        return new SmallAdapter(live, all.values(), all.schedule());
    }

    public SmallAdapter with(int index, float value) {
        float[] changed = values.clone();
        changed[index] = value;
        return new SmallAdapter(live, changed, schedule);
    }

    public AdapterState state() {
        float[] zeros = new float[values.length];
        PrequentialScore score =
                PrequentialScore.empty(2).plus(new int[] {0, 1, 1}, new int[] {0, 1, 0});
        int budget = 0;
        for (boolean alive : live) {
            budget += alive ? 1 : 0;
        }
        return new AdapterState(
                new AdapterMeta("spam", BASE_MODEL, 42, STEP, 3, STEP, 1, score),
                new TripletState(LAYOUT, 16, values),
                new MomentState(zeros, zeros, new float[HEAD_SIZE], new float[HEAD_SIZE]),
                new ImportanceState(zeros, zeros),
                new BudgetState(budget, live),
                new HeadState(
                        List.of("ham", "spam"),
                        Pooling.MEAN,
                        6,
                        Arrays.copyOfRange(values, HEAD_START, HEAD_START + 2 * 6),
                        new float[] {0.5f, -0.5f}));
    }

    /** The same with a head that says a number, which it has done four times. */
    public AdapterState ofNumbers() {
        AdapterState state = state();
        RegressionScore score =
                new Regression().newScore(0).plus(List.of(1., 2., 3., 4.), List.of(2., 1., 4., 3.));
        return new AdapterState(
                new AdapterMeta("price", BASE_MODEL, 42, STEP, 3, STEP, 1, score),
                state.triplets(),
                new MomentState(
                        state.moments().tripletFirst(),
                        state.moments().tripletSecond(),
                        new float[7],
                        new float[7]),
                state.importance(),
                state.budget(),
                new HeadState(
                        new Regression(),
                        LabelSet.of(List.of()),
                        Pooling.MEAN,
                        6,
                        Arrays.copyOfRange(values, HEAD_START, HEAD_START + 6),
                        new float[] {0.5f},
                        new float[0]));
    }

    public TrainingTemplate template() {
        return TrainingTemplate.classification()
                .labels(List.of("ham", "spam"))
                .initRank(RANK)
                .alpha(16)
                .dropout(0.1)
                .schedule(schedule)
                .sensitivityDecay(0.85)
                .uncertaintyDecay(0.9)
                .orthogonality(new OrthogonalityPenalty(0.1, OrthogonalityPenalty.Form.MEAN_NORM))
                .optimizer(
                        new OptimizerSettings(
                                2e-3,
                                1e-3f,
                                0.9,
                                0.999f,
                                1e-8f,
                                0.01f,
                                1,
                                new LearningRateSchedule(5, 0)))
                .seed(7)
                .build();
    }
}
