package io.rankstream.ops.fault;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Compares what a job was given with everything that it has committed. Each example must have been
 * trained on once and each bad record dead-lettered once; versions of an adapter must count from
 * one without a gap; and what was announced must be on the disk, complete, and nothing else.
 */
final class ExactlyOnceCheck {

    private final List<String> problems = new ArrayList<>();

    private ExactlyOnceCheck() {}

    /**
     * Every committed record counts, not only the newest of a key.
     *
     * @param announced announcements in the order of their topic
     * @param publishDirectory folder of all adapters
     * @return one sentence for each deviation; empty if all is well
     */
    static List<String> problems(
            Ledger sent,
            List<Prediction> predictions,
            List<DeadLetter> deadLetters,
            List<AdapterVersion> announced,
            Path publishDirectory)
            throws IOException {
        ExactlyOnceCheck check = new ExactlyOnceCheck();
        check.records(sent, predictions, deadLetters);
        check.versions(announced);
        check.folders(announced, publishDirectory);
        return check.problems;
    }

    private void records(Ledger sent, List<Prediction> predictions, List<DeadLetter> deadLetters) {
        Map<Long, List<Prediction>> trained =
                predictions.stream().collect(groupingBy(Prediction::getOffset));
        Map<Long, List<DeadLetter>> refused =
                deadLetters.stream().collect(groupingBy(DeadLetter::getOffset));
        Set<Long> offsets = new TreeSet<>(sent.examples().keySet());
        offsets.addAll(sent.bad());
        offsets.addAll(trained.keySet());
        offsets.addAll(refused.keySet());
        for (long offset : offsets) {
            List<Prediction> predicted = trained.getOrDefault(offset, List.of());
            List<DeadLetter> letters = refused.getOrDefault(offset, List.of());
            counts(sent, offset, predicted.size(), letters.size());
            identities(sent, offset, predicted);
        }
    }

    private void counts(Ledger sent, long offset, int trained, int deadLettered) {
        int trainedOnce = sent.examples().containsKey(offset) ? 1 : 0;
        int deadLetteredOnce = sent.bad().contains(offset) ? 1 : 0;
        if (trained != trainedOnce || deadLettered != deadLetteredOnce) {
            problems.add(
                    "offset %d was trained on %d times and dead-lettered %d times, expected %d and %d"
                            .formatted(
                                    offset, trained, deadLettered, trainedOnce, deadLetteredOnce));
        }
    }

    private void identities(Ledger sent, long offset, List<Prediction> predictions) {
        String expected = sent.examples().get(offset);
        for (Prediction prediction : predictions) {
            if (expected != null && !prediction.getExampleId().equals(expected)) {
                problems.add(
                        "offset %d was predicted as example '%s', expected '%s'"
                                .formatted(offset, prediction.getExampleId(), expected));
            }
        }
    }

    private void versions(List<AdapterVersion> announced) {
        Map<String, List<Long>> byAdapter = new TreeMap<>();
        for (AdapterVersion version : announced) {
            byAdapter
                    .computeIfAbsent(version.getAdapterId(), id -> new ArrayList<>())
                    .add(version.getVersion());
        }
        byAdapter.forEach(
                (adapterId, versions) -> {
                    List<Long> expected =
                            LongStream.rangeClosed(1, versions.size()).boxed().toList();
                    if (!versions.equals(expected)) {
                        problems.add(
                                "versions of adapter '%s' were announced as %s, expected %s"
                                        .formatted(adapterId, versions, expected));
                    }
                });
    }

    private void folders(List<AdapterVersion> announced, Path publishDirectory) throws IOException {
        for (AdapterVersion version : announced) {
            Path folder = Path.of(version.getPath());
            for (String problem : Manifest.verify(folder)) {
                problems.add(folder + ": " + problem);
            }
            Path manifest = folder.resolve(Manifest.FILE);
            if (Files.exists(manifest)
                    && !Sha256.of(Files.readAllBytes(manifest))
                            .equals(version.getManifestSha256())) {
                problems.add(manifest + " is not the one that was announced");
            }
        }
        Set<Path> known =
                announced.stream().map(version -> Path.of(version.getPath())).collect(toSet());
        for (Path folder : committedFolders(publishDirectory)) {
            if (!known.contains(folder)) {
                problems.add(folder + " has a manifest, but was never announced");
            }
        }
    }

    private static List<Path> committedFolders(Path publishDirectory) throws IOException {
        try (Stream<Path> manifests =
                Files.find(
                        publishDirectory,
                        Integer.MAX_VALUE,
                        (path, attributes) -> path.endsWith(Manifest.FILE),
                        FileVisitOption.FOLLOW_LINKS)) {
            return manifests.map(Path::getParent).sorted().toList();
        }
    }
}
