package io.rankstream.adapters.model;

import ai.djl.pytorch.engine.PtNDArray;
import io.rankstream.adapters.engine.Operations;
import java.util.List;
import java.util.stream.Stream;

/**
 * The head of two layers that transformers' sequence classification has for a family, on the vector
 * of a text's first token.
 *
 * @param dense name of the first layer, of the width of the vector
 * @param activation what comes between the two
 * @param out name of the second
 */
public record OwnHead(String dense, Activation activation, String out) {

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

    /** Whether its second layer is called what a linear head is. */
    public boolean endsInClassifier() {
        return out.equals(Family.CLASSIFIER);
    }

    /** The modules that PEFT saves by the name of a linear head: it means all that end so. */
    public List<String> savedByClassifier() {
        return modules().stream().filter(name -> name.endsWith(Family.CLASSIFIER)).toList();
    }

    /** Names of both layers, in the order of computation. */
    public List<String> layers() {
        return List.of(dense, out);
    }

    /** The modules of transformers' class that hold the layers. */
    public List<String> modules() {
        return Stream.of(dense, out).map(name -> name.split("\\.", 2)[0]).distinct().toList();
    }
}
