package io.rankstream.ops.serve.version;

import io.rankstream.schemas.AdapterVersion;
import java.util.List;

/**
 * That a version was published.
 *
 * @param id the version
 * @param step optimizer step that it was taken after
 * @param manifestSha256 digest of its manifest
 * @param baseModel name of its base model
 * @param labels labels in use; none where its task has none
 * @param examples examples that its adapter had learned from
 */
public record Announcement(
        VersionId id,
        long step,
        String manifestSha256,
        String baseModel,
        List<String> labels,
        long examples) {

    public Announcement {
        labels = List.copyOf(labels);
    }

    /** What a record of the topic tells. */
    public static Announcement of(AdapterVersion told) {
        return new Announcement(
                new VersionId(told.getAdapterId(), told.getVersion(), told.getPath()),
                told.getStep(),
                told.getManifestSha256(),
                told.getBaseModel(),
                told.getLabels(),
                told.getExamples());
    }

    /**
     * The one of two that counts: the higher version of one run, whichever is told first; else the
     * one that is told later, of another run.
     */
    public Announcement newer(Announcement later) {
        return id.equals(later.id) || id.follows(later.id) ? this : later;
    }
}
