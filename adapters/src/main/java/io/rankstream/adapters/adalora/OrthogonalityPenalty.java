package io.rankstream.adapters.adalora;

import static ai.djl.pytorch.jni.JniUtils.add;
import static ai.djl.pytorch.jni.JniUtils.addi;
import static ai.djl.pytorch.jni.JniUtils.bmm;
import static ai.djl.pytorch.jni.JniUtils.div;
import static ai.djl.pytorch.jni.JniUtils.mul;
import static ai.djl.pytorch.jni.JniUtils.sqrt;
import static ai.djl.pytorch.jni.JniUtils.square;
import static ai.djl.pytorch.jni.JniUtils.sub;
import static ai.djl.pytorch.jni.JniUtils.sum;
import static ai.djl.pytorch.jni.JniUtils.transpose;
import static io.rankstream.adapters.tensor.Tensors.scalar;
import static io.rankstream.adapters.tensor.Tensors.view;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
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
        PtNDArray penalty = scalar(scope, 0);
        if (coefficient == 0) {
            return penalty;
        }
        int rank = layout.rank();
        for (TripletLayout.Stack stack : layout.stacks()) {
            long n = stack.members().size();
            long in = stack.shape().in();
            long out = stack.shape().out();
            PtNDArray a = view(scope, triplets, layout.offsetA(stack), n, rank, in);
            PtNDArray b = view(scope, triplets, layout.offsetB(stack), n, out, rank);
            PtNDArray deviationA = deviation(bmm(a, transpose(a, 1, 2)), rank);
            PtNDArray deviationB = deviation(bmm(transpose(b, 1, 2), b), rank);
            PtNDArray weightA = gradientWeight(deviationA, layout);
            PtNDArray weightB = gradientWeight(deviationB, layout);
            addi(
                    view(scope, gradient, layout.offsetA(stack), n, rank, in),
                    bmm(mul(deviationA, weightA), a));
            addi(
                    view(scope, gradient, layout.offsetB(stack), n, out, rank),
                    bmm(b, mul(deviationB, weightB)));
            penalty = add(penalty, add(value(deviationA, layout), value(deviationB, layout)));
        }
        return penalty;
    }

    private static PtNDArray deviation(PtNDArray gram, int rank) {
        PtNDManager scope = gram.getManager();
        return sub(
                gram,
                JniUtils.eye(
                        scope,
                        rank,
                        rank,
                        DataType.FLOAT32,
                        scope.getDevice(),
                        SparseFormat.DENSE));
    }

    private PtNDArray value(PtNDArray deviation, TripletLayout layout) {
        PtNDArray squares = squaredNorms(deviation);
        PtNDManager scope = deviation.getManager();
        return switch (form) {
            case MEAN_NORM -> mul(sum(sqrt(squares)), scalar(scope, perMatrix(layout)));
            case SUM_SQUARED -> mul(sum(squares), scalar(scope, coefficient));
        };
    }

    /** Factor of {@code D A} in the gradient, one a matrix: (modules, 1, 1). */
    private PtNDArray gradientWeight(PtNDArray deviation, TripletLayout layout) {
        PtNDManager scope = deviation.getManager();
        return switch (form) {
            case MEAN_NORM ->
                    div(
                            scalar(scope, 2 * perMatrix(layout)),
                            add(sqrt(squaredNorms(deviation)), scalar(scope, TINY)));
            case SUM_SQUARED -> scalar(scope, 4 * coefficient);
        };
    }

    private static PtNDArray squaredNorms(PtNDArray deviation) {
        return sum(square(deviation), new long[] {1, 2}, true);
    }

    private double perMatrix(TripletLayout layout) {
        return coefficient / (2 * layout.modules().size());
    }
}
