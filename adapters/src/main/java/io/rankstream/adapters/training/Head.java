package io.rankstream.adapters.training;

import ai.djl.pytorch.engine.PtNDArray;

/**
 * An adapter's task head as leaves of the autograd graph.
 *
 * @param weight (labels, hidden)
 * @param bias (labels)
 */
record Head(PtNDArray weight, PtNDArray bias) {}
