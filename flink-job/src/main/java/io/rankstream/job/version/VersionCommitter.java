package io.rankstream.job.version;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * Makes versions visible once their checkpoint is complete: first the manifests, then the
 * announcements, so that an announcement always follows a complete folder. A version whose folder
 * cannot be used waits, and no other for it. Repeating a commit changes nothing.
 */
final class VersionCommitter implements Committer<VersionCommittable> {

    private static final Comparator<VersionCommittable> BY_ADAPTER_AND_VERSION =
            Comparator.comparing(VersionCommittable::adapterId)
                    .thenComparingLong(VersionCommittable::version);

    private final AnnouncementTopic announcements;
    private final WaitingVersions waiting = new WaitingVersions();

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
        List<VersionCommittable> visible = new ArrayList<>();
        for (VersionCommittable version : versions) {
            if (waiting.commit(version)) {
                visible.add(version);
            }
        }
        announcements.announce(visible);
    }

    /** Versions that wait for their folder. */
    int waiting() {
        return waiting.count();
    }

    @Override
    public void close() {
        announcements.close();
    }
}
