package io.rankstream.adapters.training;

/** An adapter that can take part in a forward pass. */
interface Speaker {

    /** What it says things by. */
    Speech speech();
}
