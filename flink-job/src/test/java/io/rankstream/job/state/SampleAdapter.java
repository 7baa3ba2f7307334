package io.rankstream.job.state;

import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.drift.AlarmLog;
import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.RecentState;
import io.rankstream.adapters.drift.detector.CusumState;
import io.rankstream.adapters.drift.input.InputState;
import io.rankstream.adapters.method.OrthogonalityPenalty;
import io.rankstream.adapters.mixture.MixtureState;
import io.rankstream.adapters.mixture.OnlineHeadState;
import io.rankstream.adapters.mixture.VoiceWeights;
import io.rankstream.adapters.mixture.WordState;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.ProbePeriod;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.replay.KeptExample;
import io.rankstream.adapters.replay.MeaningsState;
import io.rankstream.adapters.replay.ReplayDraw;
import io.rankstream.adapters.replay.ReplayState;
import io.rankstream.adapters.settings.LearningRateSchedule;
import io.rankstream.adapters.settings.OptimizerSettings;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.HostState;
import io.rankstream.adapters.state.ImportanceState;
import io.rankstream.adapters.state.MomentState;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.tokens.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** An adapter for tests that need its shape and not its training. */
public final class SampleAdapter {

    private static final List<String> LABELS = List.of("ham", "spam", "größe");
    private static final int HIDDEN = 5;

    private SampleAdapter() {}

    @FunctionalInterface
    private interface Values {
        float[] of(long seed, int size);
    }

    /** An adapter with arbitrary bits in every array: NaNs with payloads, infinities, -0. */
    public static AdapterState state(String adapterId, long version) {
        return state(adapterId, version, SampleAdapter::bits);
    }

    /** An adapter that may be published. */
    public static AdapterState finite(String adapterId, long version) {
        return state(adapterId, version, SampleAdapter::finite);
    }

    private static AdapterState state(String adapterId, long version, Values values) {
        TripletLayout layout =
                new TripletLayout(
                        List.of(new ModuleShape("query", 7, 5), new ModuleShape("dense", 5, 11)),
                        3);
        int head = LABELS.size() * (HIDDEN + 1);
        PrequentialScore score =
                PrequentialScore.empty(LABELS.size())
                        .plus(
                                List.of(0, 1, 2, 1),
                                List.of(0, 2, 2, 0),
                                Map.of(
                                        PrequentialScore.EXPORTED,
                                        List.of(0, 1, 2, 0),
                                        PrequentialScore.WORDS,
                                        List.of(2, 1, 2, 0)));
        return new AdapterState(
                new AdapterMeta(
                        adapterId,
                        new BaseModel("tiny", "00ff", "bert"),
                        -17,
                        4,
                        version,
                        4,
                        1,
                        score),
                new TripletState(layout, 6.5, values.of(1, layout.size())),
                new MomentState(
                        values.of(2, layout.size()),
                        values.of(3, layout.size()),
                        values.of(4, head),
                        values.of(5, head)),
                new ImportanceState(values.of(6, layout.size()), values.of(7, layout.size())),
                new BudgetState(4, new boolean[] {true, false, true, true, false, true}, 3),
                new HeadState(
                        LABELS,
                        Pooling.CLS,
                        HIDDEN,
                        values.of(8, LABELS.size() * HIDDEN),
                        values.of(9, LABELS.size())),
                HostState.EMPTY
                        .with(mixture(values))
                        .with(drift(values))
                        .with(probes())
                        .with(replay()));
    }

    private static ReplayState replay() {
        return new ReplayState(
                List.of(
                        new KeptExample(1, 2, 0, new Tokens(new int[] {2, 0, 71}, 2, false)),
                        new KeptExample(4, 0, -.5, new Tokens(new int[] {9}, 1, false))),
                new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -7},
                new ReplayDraw.Position(.75, 2, new long[] {0, -3, 5}),
                new MeaningsState(
                        4,
                        new int[] {2, 1, 0},
                        new int[] {2, 0, 1},
                        new long[] {4, 0, 1},
                        3,
                        true,
                        new int[] {0, 1}));
    }

    private static ProbeState probes() {
        Probe asked =
                new Probe(
                        -7,
                        new Tokens(new int[] {3, 4, 5}, 2, true, new int[] {9}),
                        new Target.Label(LABELS.get(0)),
                        Optional.of(new Probe.Answers(1, 0)));
        Probe open =
                new Probe(
                        8,
                        new Tokens(new int[] {6}, false),
                        new Target.Label(LABELS.get(1)),
                        Optional.empty());
        return new ProbeState(
                3,
                List.of(
                        new ProbePeriod(1, 120, List.of(asked)),
                        new ProbePeriod(121, 130, List.of(open))));
    }

    private static DriftState drift(Values values) {
        return new DriftState(
                400,
                new CusumState(
                        250,
                        7.5,
                        300,
                        0x8000_0005,
                        32,
                        new double[] {-.5, 3.25, 0},
                        new int[] {1, 17, 0},
                        new int[] {0, 4, 0}),
                -2.5,
                new AlarmLog(
                        2,
                        1,
                        Optional.of(new DriftAlarm(150, 143, .025, .5)),
                        AlarmLog.Verdict.CONFIRMED),
                new RecentState(values.of(16, 2 * HIDDEN), new int[] {2, 0}, 1, 77, 1),
                Optional.of(
                        new InputState(
                                900,
                                -1.5,
                                CusumState.empty(),
                                32,
                                values.of(17, HIDDEN),
                                values.of(18, HIDDEN),
                                CusumState.empty())));
    }

    private static MixtureState mixture(Values values) {
        int labels = LABELS.size();
        return new MixtureState(
                HIDDEN,
                new VoiceWeights(-.25, 1.5, 0),
                new OnlineHeadState(
                        .5f,
                        values.of(10, labels * (HIDDEN + 1)),
                        squares(values.of(11, labels * (HIDDEN + 1)))),
                new WordState(
                        new int[] {Integer.MIN_VALUE, -3, 7},
                        values.of(12, 3),
                        squares(values.of(13, 3)),
                        values.of(14, labels),
                        squares(values.of(15, labels))));
    }

    private static float[] squares(float[] values) {
        float[] squares = new float[values.length];
        for (int i = 0; i < squares.length; i++) {
            squares[i] = Math.abs(values[i]);
        }
        return squares;
    }

    public static TrainingTemplate template() {
        return TrainingTemplate.classification()
                .labels(LABELS)
                .pooling(Pooling.CLS)
                .targetModules(List.of("query", "dense"))
                .initRank(3)
                .alpha(6.5)
                .dropout(0.125)
                .schedule(new StreamingBudgetSchedule(10, 100, 5, 2))
                .sensitivityDecay(0.85)
                .uncertaintyDecay(0.75)
                .orthogonality(new OrthogonalityPenalty(0.1, OrthogonalityPenalty.Form.SUM_SQUARED))
                .optimizer(
                        new OptimizerSettings(
                                1e-3,
                                2e-3,
                                0.9,
                                0.999,
                                1e-8,
                                0.01,
                                1,
                                new LearningRateSchedule(20, 0)))
                .build();
    }

    private static float[] bits(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        values[0] = -0.0f;
        values[1] = Float.intBitsToFloat(0x7fc12345);
        values[2] = Float.NEGATIVE_INFINITY;
        return values;
    }

    private static float[] finite(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
