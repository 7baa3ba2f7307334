package io.rankstream.adapters.drift.detector;

import java.util.Optional;

/**
 * Finds a rise where an {@link AdaptiveWindow} of surprises divides and the newer part has more of
 * them. Where it has fewer, the window becomes shorter, and nothing is told. A rise begins where
 * the window divides most clearly, and what is older than that is forgotten, so that one change is
 * one rise. For one thread.
 *
 * <p>While nothing changes, a window shrinks at each example with a probability of δ at most
 * (theorem 1), so a δ of one in the run length keeps the promise. It is kept by far: the bound is
 * over every division and over every distribution, and neighbouring examples say nearly the same.
 * In simulations a δ of {@value #DELTA_TIMES_RUN} in the run length, 1 at most, still gives fewer
 * than a quarter of the rises that are allowed.
 */
final class ErrorAdwin implements ChangeDetector {

    private static final double DELTA_TIMES_RUN = 500;

    private final double delta;
    private AdaptiveWindow window;
    private long seen;

    /**
     * @param runLength examples that are expected at least between two rises while nothing changes
     */
    ErrorAdwin(AdwinState state, long runLength) {
        this.delta = Math.min(1, DELTA_TIMES_RUN / runLength);
        this.window = new AdaptiveWindow(state, delta);
        this.seen = state.seen();
    }

    @Override
    public AdwinState state() {
        return window.state(seen);
    }

    @Override
    public void begin() {
        window = new AdaptiveWindow(AdwinState.EMPTY, delta);
        seen = 0;
    }

    @Override
    public void expect(double usual) {
        begin();
        for (int i = 1; i <= WARM_UP; i++) {
            window.add(StrictMath.floor(i * usual) > StrictMath.floor((i - 1) * usual));
        }
        seen = WARM_UP;
    }

    @Override
    public Optional<Rise> observe(boolean surprise, double leastUsual) {
        Optional<AdaptiveWindow.Cut> cut = window.add(surprise);
        seen++;
        if (seen <= WARM_UP || cut.isEmpty()) {
            return Optional.empty();
        }
        AdaptiveWindow.Cut found = cut.get();
        double usual = Math.max(leastUsual, found.before());
        if (found.since() - usual <= found.chance()) {
            return Optional.empty();
        }
        window.keepNewest(found.newer());
        seen = 0;
        return Optional.of(new Rise((int) found.newer(), usual, found.since()));
    }
}
