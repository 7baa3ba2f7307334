package io.rankstream.benchmarks.baseline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finished runs, kept in a JSON file as soon as each ends, so that a comparison can be resumed. */
final class BaselineFile {

    private static final JsonMapper JSON = new JsonMapper();

    private final Optional<Path> file;
    private final Map<BaselineRun.Setting, BaselineRun> runs = new LinkedHashMap<>();

    private BaselineFile(Optional<Path> file) {
        this.file = file;
    }

    /** The runs of {@code file}, if it is given and there. */
    static BaselineFile open(Optional<Path> file) throws IOException {
        BaselineFile own = new BaselineFile(file);
        if (file.isPresent() && Files.exists(file.get())) {
            JSON.readValue(file.get().toFile(), new TypeReference<List<BaselineRun>>() {})
                    .forEach(run -> own.runs.put(run.setting(), run));
        }
        return own;
    }

    Optional<BaselineRun> find(BaselineRun.Setting setting) {
        return Optional.ofNullable(runs.get(setting));
    }

    void add(BaselineRun run) throws IOException {
        runs.put(run.setting(), run);
        if (file.isPresent()) {
            write(file.get().toAbsolutePath());
        }
    }

    /** Through a second file, so that a run that is cut leaves the earlier ones whole. */
    private void write(Path target) throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".new");
        JSON.writerWithDefaultPrettyPrinter().writeValue(unfinished.toFile(), runs.values());
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
