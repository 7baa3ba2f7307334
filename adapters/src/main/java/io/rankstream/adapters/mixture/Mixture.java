package io.rankstream.adapters.mixture;

/**
 * What an adapter's voices say together: the softmax of the weighted sum of their log-probabilities
 * (logistic mixing). A step of gradient descent on the loss moves the weights after every example,
 * so a voice that is right where others err gains, and one that is too sure of itself loses. For
 * one thread.
 */
public final class Mixture {

    /** On four streams, .01 to .05 were equally good. */
    private static final double RATE = .02;

    /**
     * A voice that finds a label less probable than all alike by more than e to this power counts
     * as finding it that improbable.
     */
    private static final double LEAST_LOGARITHM = -8;

    /** The same of the published files, in which nothing is bounded: what a double can add. */
    private static final double LEAST_OF_FILES = -1e6;

    private final int features;
    private final OnlineHead onlineHead;
    private final WordWeights words;
    private VoiceWeights weights;

    public Mixture(MixtureState state) {
        this.features = state.features();
        this.weights = state.weights();
        this.onlineHead = new OnlineHead(state.onlineHead(), features);
        this.words = new WordWeights(state.words());
    }

    /** What it is by now. */
    public MixtureState state() {
        return new MixtureState(features, weights, onlineHead.state(), words.state());
    }

    /**
     * What is said of a text; nothing changes.
     *
     * @param rows those of the labels in use
     */
    public Said say(Evidence evidence, int[] rows) {
        double[] ofHead = ofHead(evidence.logits(), rows);
        double[] ofOnlineHead = onlineHead.say(evidence.vector(), rows);
        double[] ofWords = words.say(evidence.words(), rows);
        double[] ofHeads = new double[rows.length];
        for (int i = 0; i < ofHeads.length; i++) {
            ofHeads[i] =
                    weights.head() * Math.max(ofHead[i], LEAST_OF_FILES)
                            + weights.onlineHead() * ofOnlineHead[i];
        }
        bound(ofHead);
        bound(ofOnlineHead);
        bound(ofWords);
        double[] sums = new double[rows.length];
        add(sums, weights.head(), ofHead);
        add(sums, weights.onlineHead(), ofOnlineHead);
        add(sums, weights.words(), ofWords);
        return new Said(rows, Softmax.logarithms(sums), ofHead, ofOnlineHead, ofWords, ofHeads);
    }

    private static void add(double[] sums, double weight, double[] logarithms) {
        double[] centred = centred(logarithms);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * centred[i];
        }
    }

    /**
     * Learns one example.
     *
     * @param said what {@link #say} gave for it just now
     * @param row that of its label
     */
    public void learn(Evidence evidence, Said said, int row) {
        int target = said.position(row);
        onlineHead.learn(evidence.vector(), said.rows(), said.onlineHead(), target);
        words.learn(evidence.words(), said.rows(), said.words(), target);
        double[] gradient = Softmax.gradient(said.logProbabilities(), target);
        weights =
                new VoiceWeights(
                        weights.head() - RATE * slope(gradient, said.head()),
                        weights.onlineHead() - RATE * slope(gradient, said.onlineHead()),
                        weights.words() - RATE * slope(gradient, said.words()));
    }

    /** What learns after every example, learns about as quickly from now on as it did at first. */
    public void quicken() {
        onlineHead.quicken();
        words.quicken();
    }

    /**
     * The online head learns an example once more.
     *
     * @param vector what the heads read of it
     * @param rows those of the labels in use
     * @param row that of its label, among them
     */
    public void relearn(float[] vector, int[] rows, int row) {
        double[] said = onlineHead.say(vector, rows);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == row) {
                onlineHead.learn(vector, rows, said, i);
            }
        }
    }

    /** Slope of the loss by the weight of a voice. */
    private static double slope(double[] gradient, double[] logarithms) {
        double[] centred = centred(logarithms);
        double slope = 0;
        for (int i = 0; i < gradient.length; i++) {
            slope += gradient[i] * centred[i];
        }
        return slope;
    }

    private static double[] ofHead(float[] logits, int[] rows) {
        double[] inUse = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            inUse[i] = logits[rows[i]];
        }
        return Softmax.logarithms(inUse);
    }

    private static void bound(double[] logarithms) {
        double least = LEAST_LOGARITHM - StrictMath.log(logarithms.length);
        for (int i = 0; i < logarithms.length; i++) {
            logarithms[i] = Math.max(logarithms[i], least);
        }
    }

    /** With a mean of zero: what is left is how the labels differ. */
    private static double[] centred(double[] logarithms) {
        double sum = 0;
        for (double logarithm : logarithms) {
            sum += logarithm;
        }
        double[] centred = new double[logarithms.length];
        for (int i = 0; i < centred.length; i++) {
            centred[i] = logarithms[i] - sum / logarithms.length;
        }
        return centred;
    }
}
