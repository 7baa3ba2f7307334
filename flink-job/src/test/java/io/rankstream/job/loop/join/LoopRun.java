package io.rankstream.job.loop.join;

import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.LabelBudget;
import io.rankstream.job.config.settings.LabelUtility;
import io.rankstream.job.config.settings.SelectionSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.vote.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** The loop of one adapter over its elements, with its state in bytes, and crashes. */
final class LoopRun {

    static final JoinSettings SETTINGS = settings(1, 0, false);

    final Told told = new Told();
    MemoryState state = new MemoryState();

    private final AdapterLoop loop;

    LoopRun(JoinSettings settings, double budget) {
        loop =
                new AdapterLoop(
                        settings,
                        new Selections(
                                new SelectionSettings(
                                        new LabelBudget.Share(budget),
                                        .5,
                                        LabelUtility.MARGIN,
                                        1000,
                                        7),
                                new TreeMap<>()));
    }

    /** A horizon of a day, corrections for half of one, jumps of six hours. */
    static JoinSettings settings(int votes, double doubleShare, boolean suggest) {
        return new JoinSettings(
                Duration.ofHours(24),
                Duration.ofHours(12),
                votes,
                doubleShare,
                suggest,
                Duration.ofHours(48),
                Duration.ofHours(6));
    }

    LoopRun take(Object element) throws Exception {
        if (element instanceof PredictedInput input) {
            loop.input(input, input.labels(), state, told);
        } else {
            loop.vote((Vote) element, state, told);
        }
        return this;
    }

    LoopRun takeAll(List<?> elements) throws Exception {
        for (Object element : elements) {
            take(element);
        }
        return this;
    }

    /**
     * Crashes at random: what was told since the newest checkpoint is taken back, and its elements
     * come again.
     */
    LoopRun takeWithCrashes(List<?> elements, Random random) throws Exception {
        MemoryState checkpoint = state.copy();
        int toldThen = told.size();
        int from = 0;
        for (int i = 0; i < elements.size(); i++) {
            take(elements.get(i));
            if (random.nextInt(10) == 0) {
                checkpoint = state.copy();
                toldThen = told.size();
                from = i + 1;
            } else if (random.nextInt(15) == 0) {
                state = checkpoint.copy();
                told.takeBack(toldThen);
                i = from - 1;
            }
        }
        return this;
    }
}
