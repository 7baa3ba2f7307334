package io.rankstream.adapters.method;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What an adapter learns beside its head. */
public enum Method {
    /** Triplets near orthogonality under a rank budget (Zhang et al., 2023). */
    ADALORA {

        /** E is zero, A and B are from N(0, 0.02²). */
        @Override
        float[] draw(TripletLayout layout, Random random) {
            float[] triplets = Draws.gaussian(random, layout.size());
            fillE(layout, triplets, 0);
            return triplets;
        }

        @Override
        public List<FlatRange> learned(TripletLayout layout) {
            return List.of(new FlatRange(0, layout.size()));
        }
    },
    /** Plain LoRA (Hu et al., 2022): E stays as it is, B starts from zero. */
    LORA {

        /** B is zero, E one, and A uniform within ±1/√in, as in PEFT. */
        @Override
        float[] draw(TripletLayout layout, Random random) {
            float[] triplets = Draws.gaussian(random, layout.size());
            fillE(layout, triplets, 1);
            for (int k = 0; k < layout.modules().size(); k++) {
                ModuleShape shape = layout.modules().get(k);
                double bound = 1 / Math.sqrt(shape.in());
                for (int i = 0; i < layout.rank() * shape.in(); i++) {
                    triplets[layout.offsetA(k) + i] =
                            (float) (bound * (2 * random.nextDouble() - 1));
                }
                int b = layout.offsetB(k);
                Arrays.fill(triplets, b, b + layout.rank() * shape.out(), 0f);
            }
            return triplets;
        }

        @Override
        public List<FlatRange> learned(TripletLayout layout) {
            return layout.stacks().stream()
                    .flatMap(
                            stack ->
                                    Stream.of(
                                            new FlatRange(
                                                    layout.offsetA(stack), layout.offsetE(stack)),
                                            new FlatRange(
                                                    layout.offsetB(stack), layout.end(stack))))
                    .toList();
        }
    },
    /** Nothing: the head alone, on the base model as it is. */
    HEAD {

        @Override
        float[] draw(TripletLayout layout, Random random) {
            return new float[layout.size()];
        }

        @Override
        public List<FlatRange> learned(TripletLayout layout) {
            return List.of();
        }

        @Override
        public boolean adaptsModules() {
            return false;
        }
    };

    /** Whether linear layers of the base model carry an update. */
    public boolean adaptsModules() {
        return true;
    }

    /** Whether the triplets compete for a rank budget. */
    public boolean allocates() {
        return this == ADALORA;
    }

    /** Triplets of a new adapter, as {@code layout} lays them out. */
    abstract float[] draw(TripletLayout layout, Random random);

    /** Which of the triplets' values learn, in their order; the others stay as they are. */
    public abstract List<FlatRange> learned(TripletLayout layout);

    private static void fillE(TripletLayout layout, float[] triplets, float value) {
        for (int k = 0; k < layout.modules().size(); k++) {
            int e = layout.offsetE(k);
            Arrays.fill(triplets, e, e + layout.rank(), value);
        }
    }
}
