package io.rankstream.job.config.settings;

import io.rankstream.adapters.settings.TrainingTemplate;
import java.io.Serializable;

/**
 * What a configuration says of an adapter.
 *
 * @param template hyperparameters
 * @param start what it starts from where it is not there yet
 */
public record AdapterSettings(TrainingTemplate template, AdapterStart start)
        implements Serializable {

    /** Those of an adapter that starts from its template. */
    public AdapterSettings(TrainingTemplate template) {
        this(template, new AdapterStart.Template());
    }
}
