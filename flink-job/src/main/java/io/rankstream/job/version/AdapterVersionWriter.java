package io.rankstream.job.version;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.classification.PrequentialScore;
import io.rankstream.adapters.version.AdapterFiles;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.registry.WireFormat;
import io.rankstream.schemas.AdapterVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;

/**
 * Writes the files of each release and hands its manifest and announcement to the committer, and
 * again those of versions that wait for their folder.
 */
final class AdapterVersionWriter
        implements CommittingSinkWriter<AdapterRelease, VersionCommittable> {

    private final String directory;
    private final int maxLength;
    private final int schemaId;
    private final Predicate<String> own;
    private final WaitingVersions waiting = new WaitingVersions();
    private final JobClaim.Watch claim;
    private final List<VersionCommittable> written = new ArrayList<>();

    /**
     * @param directory {@code publish.directory}
     * @param maxLength token limit of a text
     * @param schemaId registry's id of the announcement's schema
     * @param own whether an adapter's releases come to this writer
     * @param claim looked after at every checkpoint
     */
    AdapterVersionWriter(
            String directory,
            int maxLength,
            int schemaId,
            Predicate<String> own,
            JobClaim.Watch claim) {
        this.directory = directory;
        this.maxLength = maxLength;
        this.schemaId = schemaId;
        this.own = own;
        this.claim = claim;
    }

    @Override
    public void write(AdapterRelease release, Context context) throws IOException {
        AdapterState state = release.state();
        String adapterId = state.meta().adapterId();
        long version = state.meta().version();
        SortedMap<String, byte[]> files = AdapterFiles.of(state, release.template(), maxLength);
        byte[] manifest = Manifest.of(state, files);
        VersionFolder folder = VersionFolder.of(directory, adapterId, version);
        waiting.write(folder, files, manifest);
        written.add(
                new VersionCommittable(
                        adapterId,
                        version,
                        folder.path(),
                        manifest,
                        WireFormat.encode(
                                schemaId, announcement(release, folder.path(), manifest))));
    }

    /** Nothing is buffered: a release is on the file system when {@link #write} returns. */
    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public Collection<VersionCommittable> prepareCommit() throws IOException, InterruptedException {
        claim.look();
        List<VersionCommittable> prepared = new ArrayList<>(waiting.due(directory, own));
        prepared.addAll(written);
        written.clear();
        return prepared;
    }

    @Override
    public void close() {
        claim.close();
    }

    private static AdapterVersion announcement(
            AdapterRelease release, String path, byte[] manifest) {
        AdapterState state = release.state();
        Score<?> score = state.meta().score();
        TripletLayout layout = state.triplets().layout();
        int[] liveRanks = state.budget().liveRanks(layout.rank());
        return AdapterVersion.newBuilder()
                .setAdapterId(state.meta().adapterId())
                .setVersion(state.meta().version())
                .setStep(state.meta().step())
                .setPath(path)
                .setManifestSha256(Sha256.of(manifest))
                .setBaseModel(state.meta().baseModel().name())
                .setLabels(state.head().labels().active())
                .setLabelRevision(state.head().labels().revision())
                .setBudget(state.budget().budget())
                .setLiveRanks(Arrays.stream(liveRanks).boxed().toList())
                .setModules(layout.modules().stream().map(ModuleShape::name).toList())
                .setExamples(score.examples())
                .setPrequentialAccuracy(score.metrics().get(PrequentialScore.ACCURACY))
                .setPrequentialAccuracyLast1000(
                        score.metrics().get(PrequentialScore.RECENT_ACCURACY))
                .build();
    }
}
