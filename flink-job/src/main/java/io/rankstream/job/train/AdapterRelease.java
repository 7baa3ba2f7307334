package io.rankstream.job.train;

import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.AdapterTemplate;

/**
 * A version of an adapter that shall be published.
 *
 * @param state the adapter at that version
 * @param template hyperparameters it is trained with
 */
public record AdapterRelease(AdapterState state, AdapterTemplate template) {}
