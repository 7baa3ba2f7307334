package io.rankstream.adapters.adalora;

import java.util.List;

/**
 * Where the triplets of every adapted module lie in one flat array: module after module, each as A
 * (rank × in, row-major), E (rank), B (out × rank, row-major), in the paper's names Q, Λ and P.
 *
 * @param modules adapted modules in the order of the base model
 * @param rank initial rank of every module ({@code init_r})
 */
public record TripletLayout(List<ModuleShape> modules, int rank) {

    public TripletLayout {
        modules = List.copyOf(modules);
        if (rank < 1) {
            throw new IllegalArgumentException("initial rank is " + rank + ", expected at least 1");
        }
    }

    /** Number of floats of one module's triplets. */
    public int moduleSize(int module) {
        ModuleShape shape = modules.get(module);
        return rank * (shape.in() + 1 + shape.out());
    }

    /** Offset of A of {@code module}. */
    public int offsetA(int module) {
        int offset = 0;
        for (int k = 0; k < module; k++) {
            offset += moduleSize(k);
        }
        return offset;
    }

    /** Offset of E of {@code module}. */
    public int offsetE(int module) {
        return offsetA(module) + rank * modules.get(module).in();
    }

    /** Offset of B of {@code module}. */
    public int offsetB(int module) {
        return offsetE(module) + rank;
    }

    /** Number of floats of all triplets. */
    public int size() {
        return offsetA(modules.size());
    }

    /** Number of triplets over all modules: b⁰ = Σ init_r. */
    public int triplets() {
        return modules.size() * rank;
    }
}
