package io.rankstream.adapters.model.attention;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Optional;

/**
 * What disentangled attention (He et al., 2021) has of distances in one layer: tables one below the
 * other, (tables · rows, features of all heads).
 *
 * @param keys what queries of tokens are multiplied by, content to position
 * @param queries what keys of tokens are multiplied by, position to content
 */
public record DistanceVectors(Optional<PtNDArray> keys, Optional<PtNDArray> queries) {}
