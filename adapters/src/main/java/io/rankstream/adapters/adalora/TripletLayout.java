package io.rankstream.adapters.adalora;

import io.rankstream.adapters.model.ModuleShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the triplets of every adapted module lie in one flat array. Modules of equal shape are
 * stacked: stack after stack, in order of first appearance, each as all its A (modules × rank ×
 * in), then all its E (modules × rank), then all its B (modules × out × rank), row-major; in the
 * paper's names Q, Λ and P. So a whole stack is one contiguous block to every operation.
 */
public final class TripletLayout {

    /**
     * Adapted modules of one shape.
     *
     * @param shape in and out features; the name is that of the first module
     * @param members indices of the modules, ascending
     * @param offset where the stack begins in the flat array
     */
    public record Stack(ModuleShape shape, List<Integer> members, int offset) {
        public Stack {
            members = List.copyOf(members);
        }
    }

    private final List<ModuleShape> modules;
    private final int rank;
    private final List<Stack> stacks;
    private final int[] stackOf;
    private final int[] positionOf;
    private final int size;

    /**
     * @param modules adapted modules in the order of the base model
     * @param rank initial rank of every module ({@code init_r}), at least 1
     */
    public TripletLayout(List<ModuleShape> modules, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException("initial rank is " + rank + ", expected at least 1");
        }
        this.modules = List.copyOf(modules);
        this.rank = rank;
        this.stackOf = new int[modules.size()];
        this.positionOf = new int[modules.size()];
        Map<List<Integer>, List<Integer>> byShape = new LinkedHashMap<>();
        for (int k = 0; k < modules.size(); k++) {
            ModuleShape shape = modules.get(k);
            byShape.computeIfAbsent(List.of(shape.in(), shape.out()), s -> new ArrayList<>())
                    .add(k);
        }
        List<Stack> found = new ArrayList<>();
        int offset = 0;
        for (List<Integer> members : byShape.values()) {
            ModuleShape shape = modules.get(members.get(0));
            for (int i = 0; i < members.size(); i++) {
                stackOf[members.get(i)] = found.size();
                positionOf[members.get(i)] = i;
            }
            found.add(new Stack(shape, members, offset));
            offset += members.size() * rank * (shape.in() + 1 + shape.out());
        }
        this.stacks = List.copyOf(found);
        this.size = offset;
    }

    /** Adapted modules in the order of the base model. */
    public List<ModuleShape> modules() {
        return modules;
    }

    /** Initial rank of every module ({@code init_r}). */
    public int rank() {
        return rank;
    }

    /** Stacks of modules of equal shape. */
    public List<Stack> stacks() {
        return stacks;
    }

    /** Number of floats of all triplets. */
    public int size() {
        return size;
    }

    /** Number of triplets over all modules: b⁰ = Σ init_r. */
    public int triplets() {
        return modules.size() * rank;
    }

    /** Offset of A (rank × in) of {@code module}. */
    public int offsetA(int module) {
        return offsetA(stackOf(module)) + positionOf[module] * rank * modules.get(module).in();
    }

    /** Offset of E (rank) of {@code module}. */
    public int offsetE(int module) {
        return offsetE(stackOf(module)) + positionOf[module] * rank;
    }

    /** Offset of B (out × rank) of {@code module}. */
    public int offsetB(int module) {
        return offsetB(stackOf(module)) + positionOf[module] * rank * modules.get(module).out();
    }

    /** Offset of a stack's A (modules × rank × in). */
    public int offsetA(Stack stack) {
        return stack.offset();
    }

    /** Offset of a stack's E (modules × rank). */
    public int offsetE(Stack stack) {
        return stack.offset() + stack.members().size() * rank * stack.shape().in();
    }

    /** Offset of a stack's B (modules × out × rank). */
    public int offsetB(Stack stack) {
        return offsetE(stack) + stack.members().size() * rank;
    }

    /** Where a stack ends, exclusively. */
    public int end(Stack stack) {
        return offsetB(stack) + stack.members().size() * rank * stack.shape().out();
    }

    private Stack stackOf(int module) {
        return stacks.get(stackOf[module]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TripletLayout that
                && rank == that.rank
                && modules.equals(that.modules);
    }

    @Override
    public int hashCode() {
        return 31 * modules.hashCode() + rank;
    }

    @Override
    public String toString() {
        return modules.size() + " modules of rank " + rank;
    }
}
