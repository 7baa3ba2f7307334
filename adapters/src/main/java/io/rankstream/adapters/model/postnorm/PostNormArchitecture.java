package io.rankstream.adapters.model.postnorm;

import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.encoder.EncoderSizes;

/** The build of a model that is described by {@link EncoderSizes} and what is its family's own. */
public interface PostNormArchitecture extends Architecture {

    /** Its sizes. */
    EncoderSizes sizes();

    @Override
    default int vocabSize() {
        return sizes().vocabSize();
    }

    @Override
    default int hiddenSize() {
        return sizes().hiddenSize();
    }

    @Override
    default int layers() {
        return sizes().layers();
    }
}
