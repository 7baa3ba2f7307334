package io.rankstream.adapters.method;

import static io.rankstream.adapters.engine.Operations.add;
import static io.rankstream.adapters.engine.Operations.addi;
import static io.rankstream.adapters.engine.Operations.bmm;
import static io.rankstream.adapters.engine.Operations.div;
import static io.rankstream.adapters.engine.Operations.mul;
import static io.rankstream.adapters.engine.Operations.sqrt;
import static io.rankstream.adapters.engine.Operations.square;
import static io.rankstream.adapters.engine.Operations.sub;
import static io.rankstream.adapters.engine.Operations.sum;
import static io.rankstream.adapters.engine.Operations.transpose;
import static io.rankstream.adapters.engine.Tensors.scalar;
import static io.rankstream.adapters.engine.Tensors.view;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.engine.Operations;
import java.io.Serializable;

/**
 * Regulariser that keeps P and Q near orthogonal: γ on the distance of the Gram matrices {@code A
 * Aᵀ} and {@code Bᵀ B} of every module from the identity (eq. 4 of the paper).
 *
 * @param coefficient γ; 0 turns it off
 * @param form which of the two published forms
 */
public record OrthogonalityPenalty(double coefficient, Form form) implements Serializable {

    /** Keeps the gradient of the norm finite where a Gram matrix is the identity: 0/0 becomes 0. */
    private static final double TINY = 1e-30;

    /** The published forms differ. */
    public enum Form {
        /** γ · mean over all Gram matrices of ‖M − I‖_F: the authors' code and PEFT. */
        MEAN_NORM,
        /** γ · sum over all Gram matrices of ‖M − I‖²_F: eq. (4) of the paper. */
        SUM_SQUARED
    }

    /**
     * What the Gram matrices of a stack contribute.
     *
     * @param norms sum of their norms, squared or not
     * @param weighted {@code D} of each, times its weight in the gradient: (modules, rank, rank)
     */
    private record Term(PtNDArray norms, PtNDArray weighted) {}

    /**
     * Adds the penalty's gradient, in closed form: with {@code D = M − I}, {@code ∂‖D‖_F/∂A = 2 D A
     * / ‖D‖_F} and {@code ∂‖D‖²_F/∂A = 4 D A}, and likewise {@code B D} for B.
     *
     * @param layout where the triplets lie
     * @param triplets flat tensor that begins with the values of the triplets
     * @param gradient flat gradient of the task, in the step's scope, in the order of {@code
     *     triplets}; the penalty's is added in place
     * @return the penalty, γ included, as a scalar of the step's scope
     */
    public PtNDArray addGradient(TripletLayout layout, PtNDArray triplets, PtNDArray gradient) {
        PtNDManager scope = gradient.getManager();
        PtNDArray norms = scalar(scope, 0);
        if (coefficient == 0 || layout.stacks().isEmpty()) {
            return norms;
        }
        int rank = layout.rank();
        PtNDArray identity = identity(scope, rank);
        PtNDArray factor = scalar(scope, gradientFactor(layout));
        PtNDArray tiny = scalar(scope, TINY);
        for (TripletLayout.Stack stack : layout.stacks()) {
            long n = stack.members().size();
            long in = stack.shape().in();
            long out = stack.shape().out();
            PtNDArray a = view(scope, triplets, layout.offsetA(stack), n, rank, in);
            PtNDArray b = view(scope, triplets, layout.offsetB(stack), n, out, rank);
            Term ofA = term(sub(bmm(a, transpose(a, 1, 2)), identity), factor, tiny);
            Term ofB = term(sub(bmm(transpose(b, 1, 2), b), identity), factor, tiny);
            addi(view(scope, gradient, layout.offsetA(stack), n, rank, in), bmm(ofA.weighted(), a));
            addi(
                    view(scope, gradient, layout.offsetB(stack), n, out, rank),
                    bmm(b, ofB.weighted()));
            norms = add(norms, add(ofA.norms(), ofB.norms()));
        }
        return mul(norms, scalar(scope, valueFactor(layout)));
    }

    private static PtNDArray identity(PtNDManager scope, int rank) {
        return Operations.identity(scope, rank);
    }

    private Term term(PtNDArray deviation, PtNDArray factor, PtNDArray tiny) {
        PtNDArray squares = sum(square(deviation), new long[] {1, 2}, true);
        return switch (form) {
            case MEAN_NORM -> {
                PtNDArray norms = sqrt(squares);
                PtNDArray weights = div(factor, add(norms, tiny));
                yield new Term(sum(norms), mul(deviation, weights));
            }
            case SUM_SQUARED -> new Term(sum(squares), mul(deviation, factor));
        };
    }

    /** Factor of the sum of norms in the penalty. */
    private double valueFactor(TripletLayout layout) {
        return switch (form) {
            case MEAN_NORM -> coefficient / (2 * layout.modules().size());
            case SUM_SQUARED -> coefficient;
        };
    }

    /** Factor of {@code D A / ‖D‖_F} or of {@code D A} in the gradient. */
    private double gradientFactor(TripletLayout layout) {
        return switch (form) {
            case MEAN_NORM -> 2 * valueFactor(layout);
            case SUM_SQUARED -> 4 * valueFactor(layout);
        };
    }
}
