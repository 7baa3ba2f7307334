package io.rankstream.ops.adapter;

import io.rankstream.adapters.comparison.ComparedAdapter;
import io.rankstream.adapters.peft.HeadLabels;
import io.rankstream.adapters.peft.PeftAdapter;
import io.rankstream.adapters.peft.PeftException;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.snapshot.SnapshotException;
import io.rankstream.adapters.state.AdapterState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Where an adapter can be read: a snapshot, a published version, or a directory of PEFT. */
public final class AdapterSource {

    private final Path path;

    public AdapterSource(Path path) {
        this.path = path;
    }

    /**
     * The whole state in a snapshot or a published version, which must be complete.
     *
     * @throws AdapterFileException if the path is neither, or the version is damaged
     * @throws SnapshotException if the snapshot cannot be read
     */
    public AdapterState state() throws IOException, AdapterFileException {
        if (Files.isRegularFile(path)) {
            return snapshot(path);
        }
        if (Files.isRegularFile(path.resolve(Manifest.FILE))) {
            requireComplete();
            return snapshot(path.resolve(AdapterSnapshot.FILE));
        }
        if (PeftAdapter.isAt(path)) {
            throw new AdapterFileException(
                    path
                            + " is a directory of PEFT, expected a snapshot or the folder of a published version: import it first");
        }
        throw notThere("a snapshot or the folder of a published version");
    }

    /** Token limit of a text that a published version tells; empty of anything else. */
    public OptionalInt maxLength() throws IOException {
        return Files.isRegularFile(path.resolve(Manifest.FILE))
                ? HeadLabels.of(path).map(HeadLabels::maxLength).orElse(OptionalInt.empty())
                : OptionalInt.empty();
    }

    /**
     * What can be compared of the adapter.
     *
     * @throws AdapterFileException if the path is none of the three, or a version is damaged
     * @throws SnapshotException if a snapshot cannot be read
     * @throws PeftException if a directory of PEFT cannot be read
     */
    public ComparedAdapter compared() throws IOException, AdapterFileException {
        if (!Files.exists(path)) {
            throw notThere("a snapshot, the folder of a published version or a directory of PEFT");
        }
        if (PeftAdapter.isAt(path)) {
            requireAsPublished();
            return ComparedAdapter.of(PeftAdapter.read(path), HeadLabels.of(path));
        }
        return ComparedAdapter.of(state());
    }

    /** A snapshot in the folder of a published version must be the one that was published. */
    private static AdapterState snapshot(Path file) throws IOException, AdapterFileException {
        AdapterState state = AdapterSnapshot.read(file);
        Path manifest = file.resolveSibling(Manifest.FILE);
        if (!Files.isRegularFile(manifest)) {
            return state;
        }
        try {
            Manifest.requireSnapshot(
                    Files.readAllBytes(manifest),
                    file.getFileName().toString(),
                    Files.readAllBytes(file),
                    state.meta());
        } catch (IOException e) {
            throw new AdapterFileException(
                    "%s is not as it was published: %s; use a folder as it was published"
                            .formatted(file, e.getMessage()));
        }
        return state;
    }

    /**
     * Looks whether a directory of PEFT in the folder of a published version is as it was
     * published; any other is taken as it is.
     *
     * @throws AdapterFileException if it is not
     * @throws SnapshotException if the snapshot beside it cannot be read
     */
    public void requireAsPublished() throws IOException, AdapterFileException {
        Path version = Files.exists(path) ? path.toRealPath().getParent() : null;
        if (version != null && Files.exists(version.resolve(Manifest.FILE))) {
            new AdapterSource(version).requireWhole();
            if (Files.exists(version.resolve(AdapterSnapshot.FILE))) {
                snapshot(version.resolve(AdapterSnapshot.FILE));
            }
        }
    }

    private void requireWhole() throws IOException, AdapterFileException {
        List<String> problems = Manifest.verify(path);
        if (!problems.isEmpty()) {
            throw new AdapterFileException(
                    path
                            + " is not the version that was published: "
                            + String.join("; ", problems));
        }
    }

    private void requireComplete() throws IOException, AdapterFileException {
        requireWhole();
        if (!Files.exists(path.resolve(AdapterSnapshot.FILE))) {
            throw new AdapterFileException(
                    path
                            + " was published without "
                            + AdapterSnapshot.FILE
                            + ", by a release that wrote none: use a later version");
        }
    }

    private AdapterFileException notThere(String expected) {
        return new AdapterFileException(
                path
                        + (Files.exists(path) ? " is something else" : " does not exist")
                        + ", expected "
                        + expected);
    }
}
