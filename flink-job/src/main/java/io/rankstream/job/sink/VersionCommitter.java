package io.rankstream.job.sink;

import io.rankstream.job.publish.VersionFolder;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * Makes versions visible once their checkpoint is complete: first the manifests, then the
 * announcements, so that an announcement always follows a complete folder. Repeating a commit
 * changes nothing.
 */
final class VersionCommitter implements Committer<VersionCommittable> {

    private static final Comparator<VersionCommittable> BY_ADAPTER_AND_VERSION =
            Comparator.comparing(VersionCommittable::adapterId)
                    .thenComparingLong(VersionCommittable::version);

    private final AnnouncementTopic announcements;

    VersionCommitter(AnnouncementTopic announcements) {
        this.announcements = announcements;
    }

    @Override
    public void commit(Collection<CommitRequest<VersionCommittable>> requests)
            throws IOException, InterruptedException {
        List<VersionCommittable> versions =
                requests.stream()
                        .map(CommitRequest::getCommittable)
                        .sorted(BY_ADAPTER_AND_VERSION)
                        .toList();
        for (VersionCommittable version : versions) {
            VersionFolder.at(version.path()).commit(version.manifest());
        }
        announcements.announce(versions);
    }

    @Override
    public void close() {
        announcements.close();
    }
}
