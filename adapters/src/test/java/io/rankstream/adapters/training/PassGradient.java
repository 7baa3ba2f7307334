package io.rankstream.adapters.training;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.Tensors;
import io.rankstream.adapters.training.optimizer.Gradient;
import java.util.List;
import java.util.stream.IntStream;

/** The gradient of one pass, on the host. */
final class PassGradient {

    private PassGradient() {}

    /** That of the triplets and that of the head, of examples that are learned together. */
    static float[][] of(DeviceAdapter adapter, List<TrainingExample> examples) {
        EngineRuntime.LoadedModel model = adapter.model();
        TrainingPass.Part part =
                new TrainingPass.Part(
                        adapter, examples, IntStream.range(0, examples.size()).boxed().toList());
        return model.threads()
                .call(
                        () -> {
                            try (PtNDManager scope = Tensors.scope(model.manager())) {
                                Gradient gradient =
                                        TrainingPass.run(scope, model, List.of(part))
                                                .get(0)
                                                .gradient()
                                                .orElseThrow();
                                return new float[][] {
                                    gradient.triplets().toFloatArray(),
                                    gradient.head().toFloatArray()
                                };
                            }
                        });
    }
}
