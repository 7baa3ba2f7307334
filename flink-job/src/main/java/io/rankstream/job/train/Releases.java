package io.rankstream.job.train;

import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.PublishSettings;
import io.rankstream.job.version.AdapterRelease;
import java.util.Optional;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands versions of adapters over to be published. */
final class Releases {

    private static final Logger LOGGER = LoggerFactory.getLogger(Releases.class);

    private final Adapters adapters;
    private final ConfiguredAdapters configured;
    private final PublishSettings publish;
    private final KeyContext keys;
    private final TrainingOutput output;

    /**
     * @param publish when a version is due
     */
    Releases(
            Adapters adapters,
            ConfiguredAdapters configured,
            PublishSettings publish,
            KeyContext keys,
            TrainingOutput output) {
        this.adapters = adapters;
        this.configured = configured;
        this.publish = publish;
        this.keys = keys;
        this.output = output;
    }

    /** The adapter as it is, as its next version. */
    void release(ResidentAdapter adapter, TrainingTemplate template) {
        output.emit(new AdapterRelease(adapters.release(adapter), template));
    }

    void releaseIfDue(ResidentAdapter adapter, TrainingTemplate template) {
        AdapterMeta meta = adapter.meta();
        if (publish.isDue(meta.step(), meta.publishedStep())) {
            release(adapter, template);
        }
    }

    /** Every adapter that has steps since its last version; each becomes the current key. */
    void releaseUnpublished() throws Exception {
        for (String adapterId : adapters.unpublished()) {
            keys.setCurrentKey(adapterId);
            Optional<TrainingTemplate> template = configured.template(adapterId);
            if (template.isPresent()) {
                releaseIfItFits(adapterId, template.get());
            } else {
                LOGGER.warn(
                        "Adapter '{}' has steps that were never published, and the configuration no longer names it; it stays in state.",
                        adapterId);
            }
        }
    }

    private void releaseIfItFits(String adapterId, TrainingTemplate template) throws Exception {
        Admission admission = adapters.admit(adapterId, template);
        if (admission instanceof Admission.Ready ready) {
            release(ready.adapter(), template);
        } else if (admission instanceof Admission.Refused refused) {
            LOGGER.warn(
                    "Adapter '{}' has steps that were never published; it stays in state: {}",
                    adapterId,
                    refused.message());
        }
    }
}
