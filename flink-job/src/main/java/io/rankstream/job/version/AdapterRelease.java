package io.rankstream.job.version;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;

/**
 * A version of an adapter that shall be published.
 *
 * @param state the adapter at that version
 * @param template hyperparameters it is trained with
 */
public record AdapterRelease(AdapterState state, TrainingTemplate template) {}
