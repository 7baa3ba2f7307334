package io.rankstream.job.savepoint;

import io.rankstream.job.Uids;
import io.rankstream.job.batch.MicroBatchFunction;
import io.rankstream.job.batch.PausedAdapters;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.state.NotedList;
import io.rankstream.job.state.UnreadableState;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.train.AdaptersOfSettings;
import io.rankstream.job.train.NotedSettings;
import io.rankstream.job.train.SettingsRegister;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorState;

/**
 * What a job has noted in a savepoint or checkpoint for whoever starts the next one. It is read
 * with what every cluster of Flink has; {@link Savepoint} needs Flink's State Processor API.
 */
public final class SavepointNotes {

    private final String path;
    private final Metadata metadata;

    private SavepointNotes(String path, Metadata metadata) {
        this.path = path;
        this.metadata = metadata;
    }

    /**
     * Finds them.
     *
     * @param path path, or URI of a Flink file system
     */
    public static SavepointNotes at(String path) throws SavepointException {
        return new SavepointNotes(path, Metadata.of(path));
    }

    /** The defaults that the job was begun under. */
    public Defaults begunUnder() {
        return MicroBatchFunction.begunUnder(metadata.operatorStates(Uids.MICRO_BATCH));
    }

    /** Whether the adapters shared one budget. */
    public boolean hasFleet() {
        return metadata.operator(Uids.FLEET).isPresent()
                || metadata.operator(Uids.FLEET_COMMANDS).isPresent();
    }

    /** Whether the job read inputs without a label. */
    public boolean hasInputs() {
        return metadata.operator(Topic.UNLABELED_INPUTS.role()).isPresent();
    }

    /** Whether the job joined votes with inputs. */
    public boolean hasLoop() {
        return metadata.operator(Uids.LOOP).isPresent();
    }

    /** Whether adapters learned in the job. */
    public boolean hasAdapters() {
        return metadata.operator(Uids.TRAIN).isPresent();
    }

    /**
     * What is noted of adapters, by id.
     *
     * @return empty if an earlier release wrote this
     * @throws SavepointException if it is no savepoint of the job, or cannot be read
     */
    public Optional<SortedMap<String, NotedSettings>> settings() throws SavepointException {
        try {
            return NotedList.read(metadata.train(path), SettingsRegister.STATE)
                    .map(SavepointNotes::byAdapter);
        } catch (SavepointException e) {
            throw e;
        } catch (Exception e) {
            throw new SavepointException(path + " " + UnreadableState.reason(e), e);
        }
    }

    /**
     * Adapters that a command has paused, by id, with the examples that each holds; none that an
     * earlier release has paused.
     *
     * @throws SavepointException if it cannot be read
     */
    public SortedMap<String, Long> paused() throws SavepointException {
        SortedMap<String, Long> paused = new TreeMap<>();
        Optional<OperatorState> operator = metadata.operator(Uids.MICRO_BATCH);
        if (operator.isPresent()) {
            try {
                NotedList.read(operator.get(), PausedAdapters.STATE)
                        .orElse(List.of())
                        .forEach(each -> paused.put(each.adapterId(), each.examples()));
            } catch (Exception e) {
                throw new SavepointException(path + " " + UnreadableState.reason(e), e);
            }
        }
        return paused;
    }

    static SortedMap<String, NotedSettings> byAdapter(List<AdaptersOfSettings> groups) {
        SortedMap<String, NotedSettings> settings = new TreeMap<>();
        groups.forEach(
                group -> group.adapterIds().forEach(id -> settings.put(id, group.settings())));
        return settings;
    }
}
