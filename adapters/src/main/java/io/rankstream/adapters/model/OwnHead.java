package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Operations;
import io.rankstream.adapters.engine.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The head of two layers that transformers' sequence classification has for a family, on the vector
 * of a text's first token or on the mean. In some families its classes for tags and answers have it
 * too, on the vector of every token.
 *
 * @param dense name of the first layer, of the width of the vector
 * @param activation what comes between the two
 * @param norm LayerNorm after the activation, if there is one: the first layer has no bias then
 * @param out name of the second
 * @param readsMean whether it reads the mean of the token vectors, not the first one
 * @param isOfTokens whether the classes for tags and answers have it; where not, they have one
 *     linear layer
 */
public record OwnHead(
        String dense,
        Activation activation,
        Optional<Norm> norm,
        String out,
        boolean readsMean,
        boolean isOfTokens) {

    /**
     * A LayerNorm (Ba et al., 2016) without a bias.
     *
     * @param name its name
     * @param epsilon added to the variance
     */
    public record Norm(String name, float epsilon) {}

    /** One on the first token alone, without a LayerNorm. */
    public OwnHead(String dense, Activation activation, String out) {
        this(dense, activation, Optional.empty(), out, false, false);
    }

    /** The function between the layers. */
    public enum Activation {
        TANH("torch.tanh"),
        RELU("torch.relu"),
        GELU("torch.nn.functional.gelu");

        private final String python;

        Activation(String python) {
            this.python = python;
        }

        /** What Python calls it. */
        public String python() {
            return python;
        }

        /**
         * Applies it to each element.
         *
         * @return of the shape and scope of {@code x}
         */
        public PtNDArray apply(PtNDArray x) {
            return switch (this) {
                case TANH -> Operations.tanh(x);
                case RELU -> Operations.relu(x);
                case GELU -> Operations.gelu(x);
            };
        }
    }

    /**
     * What the second layer reads.
     *
     * @param x pooled vectors, or those of tokens, (rows, hidden), and so is the result, which is
     *     of x's scope
     * @param weight the first layer's, (hidden, hidden)
     * @param ofFeatures what {@link #ofFeatures} names, (hidden)
     */
    public PtNDArray forward(PtNDArray x, PtNDArray weight, PtNDArray ofFeatures) {
        if (norm.isEmpty()) {
            return activation.apply(Operations.linear(x, weight, ofFeatures));
        }
        PtNDArray activated = activation.apply(Operations.linear(x, weight, null));
        PtNDArray bias = Tensors.zeros(x.getManager(), ofFeatures.size());
        return Operations.layerNorm(activated, ofFeatures, bias, norm.get().epsilon());
    }

    /** Name of the first layer's weight. */
    public String denseWeight() {
        return dense + ".weight";
    }

    /**
     * Name of what else is learned before the second layer, a number a feature: the weight of the
     * LayerNorm, or the first layer's bias where there is none.
     */
    public String ofFeatures() {
        return norm.map(after -> after.name() + ".weight").orElse(dense + ".bias");
    }

    /** Names of all its tensors, in the order of computation. */
    public List<String> tensors() {
        return List.of(denseWeight(), ofFeatures(), out + ".weight", out + ".bias");
    }

    /** Whether its second layer is called what a linear head is. */
    public boolean endsInClassifier() {
        return out.equals(Family.CLASSIFIER);
    }

    /** The modules that PEFT saves by the name of a linear head: it means all that end so. */
    public List<String> savedByClassifier() {
        return modules().stream().filter(name -> name.endsWith(Family.CLASSIFIER)).toList();
    }

    /** The modules of transformers' class that hold the layers. */
    public List<String> modules() {
        return Stream.of(dense, out).map(name -> name.split("\\.", 2)[0]).distinct().toList();
    }
}
