package io.rankstream.benchmarks.part;

import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.engine.Tensors;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.training.EngineRuntime;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** What a base model's last layer gives, without an adapter, on all cores. */
public final class TokenVectors implements AutoCloseable {

    private final EngineRuntime.Placement placement;
    private final EngineRuntime runtime;
    private final EngineRuntime.LoadedModel model;

    private TokenVectors(EngineRuntime.Placement placement) throws ModelLoadException {
        this.placement = placement;
        this.runtime = EngineRuntime.acquire(placement);
        this.model = runtime.model(placement, 0);
    }

    /** Loads a model. */
    public static TokenVectors open(ModelSource source) throws ModelLoadException {
        return new TokenVectors(new EngineRuntime.Placement(source, new ComputeDevice.Cpu()));
    }

    /** Features of a token vector. */
    public int hiddenSize() {
        return model.architecture().hiddenSize();
    }

    /**
     * The vectors of texts in one batch.
     *
     * @param texts token ids of each, one or more
     * @return (tokens, hidden), text after text, row-major
     */
    public float[] of(List<int[]> texts) {
        return model.threads()
                .call(
                        () -> {
                            try (PtNDManager scope = Tensors.scope(model.manager())) {
                                return model.network()
                                        .forward(TokenBatch.of(scope, texts), LinearUpdate.NONE)
                                        .toFloatArray();
                            }
                        });
    }

    @Override
    public void close() {
        runtime.release(placement);
    }
}
