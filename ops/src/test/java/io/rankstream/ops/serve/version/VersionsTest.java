package io.rankstream.ops.serve.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final OptionalLong LATEST = OptionalLong.empty();

    private final Deque<Runnable> loads = new ArrayDeque<>();
    private final Store store = new Store();
    private final Residents<Open> residents = new Residents<>(1_000);
    private final Count count = new Count();
    private Instant now = Instant.EPOCH;
    private final Versions<Open> versions =
            new Versions<>(store, residents, loads::add, () -> now, RETRY, count);

    /** A version that is ready. */
    private final class Open implements Resident {
        final VersionId id;

        Open(VersionId id) {
            this.id = id;
        }

        @Override
        public long bytes() {
            return 1;
        }

        @Override
        public void close() {
            store.open.remove(this);
        }
    }

    /** Folders of versions, some of them damaged. */
    private final class Store implements VersionSource<Open> {
        final Set<Long> damaged = new HashSet<>();
        final Set<Long> tooLarge = new HashSet<>();
        final List<Long> read = new ArrayList<>();
        final Set<Open> open = new HashSet<>();

        @Override
        public Whole<Open> read(VersionId id, Optional<String> manifestSha256) throws IOException {
            read.add(id.version());
            if (damaged.contains(id.version())) {
                throw new IOException(id + " is damaged");
            }
            if (tooLarge.contains(id.version())) {
                throw new OutOfMemoryError("Java heap space");
            }
            return () -> {
                Open ready = new Open(id);
                open.add(ready);
                return ready;
            };
        }

        @Override
        public VersionId sibling(VersionId id, long version) {
            return VersionsTest.id(version);
        }
    }

    private static final class Count implements VersionEvents {
        int swapped;
        int refused;

        @Override
        public void loaded(Duration took) {}

        @Override
        public void swapped() {
            swapped++;
        }

        @Override
        public void refused() {
            refused++;
        }
    }

    private static VersionId id(long version) {
        return new VersionId("spam", version, "/published/spam/v%08d".formatted(version));
    }

    private static Announcement announcement(VersionId id) {
        return new Announcement(id, 10 * id.version(), "sha", "base", List.of("ham", "spam"), 100);
    }

    private void begin(long version) {
        versions.begin(Map.of("spam", announcement(id(version))));
    }

    private void announce(long version) {
        versions.announced(announcement(id(version)));
        load();
    }

    private void load() {
        while (!loads.isEmpty()) {
            loads.remove().run();
        }
    }

    private CompletableFuture<Lease<Open>> ask(OptionalLong version) {
        CompletableFuture<Lease<Open>> lease = versions.lease("spam", version);
        load();
        return lease;
    }

    private long answering(OptionalLong version) {
        try (Lease<Open> lease = ask(version).join()) {
            return lease.adapter().id.version();
        }
    }

    private static String failure(CompletableFuture<?> failed) {
        Throwable failure = failed.handle((done, cause) -> cause).join();
        return failure instanceof CompletionException
                ? failure.getCause().getMessage()
                : failure.getMessage();
    }

    private AdapterStatus status() {
        return versions.of("spam").orElseThrow();
    }

    @Test
    void nothingIsReadBeforeItIsAsked() {
        begin(3);
        load();

        assertThat(store.read).isEmpty();
        assertThat(status().serving()).isEmpty();

        assertThat(answering(LATEST)).isEqualTo(3);
        assertThat(store.read).containsExactly(3L);
        assertThat(status().serving()).contains(id(3));
        assertThat(status().ready()).isTrue();
    }

    @Test
    void allWhoAskAtOnceWaitForOneReading() {
        begin(3);

        List<CompletableFuture<Lease<Open>>> all =
                List.of(
                        versions.lease("spam", LATEST),
                        versions.lease("spam", LATEST),
                        versions.lease("spam", LATEST));
        load();

        assertThat(all).allSatisfy(lease -> assertThat(lease).isCompleted());
        assertThat(store.read).containsExactly(3L);
        all.forEach(lease -> lease.join().close());
    }

    @Test
    void aNewerVersionTakesThePlaceAndWhoHasBegunEndsByTheOld() {
        begin(3);
        Lease<Open> begun = ask(LATEST).join();

        announce(4);

        assertThat(begun.adapter().id).isEqualTo(id(3));
        assertThat(store.open).contains(begun.adapter());
        assertThat(answering(LATEST)).isEqualTo(4);
        assertThat(count.swapped).isEqualTo(1);

        begun.close();
        assertThat(store.open).extracting(open -> open.id).containsExactly(id(4));
    }

    @Test
    void theOldOneAnswersWhileTheNewerIsRead() {
        begin(3);
        ask(LATEST).join().close();

        versions.announced(announcement(id(4)));
        Lease<Open> meanwhile = versions.lease("spam", LATEST).join();

        assertThat(meanwhile.adapter().id).isEqualTo(id(3));
        meanwhile.close();
    }

    @Test
    void ofManySwapsOnlyTheNewestIsLeftOpen() {
        begin(1);
        for (long version = 2; version <= 500; version++) {
            ask(LATEST).join().close();
            announce(version);
        }

        assertThat(store.open).extracting(open -> open.id).containsExactly(id(500));
        assertThat(residents.count()).isEqualTo(1);
    }

    @Test
    void aDamagedVersionIsToldOfAndTheOldOneStays() {
        begin(3);
        ask(LATEST).join().close();
        store.damaged.add(4L);

        announce(4);

        assertThat(answering(LATEST)).isEqualTo(3);
        assertThat(count.refused).isEqualTo(1);
        assertThat(status().newest().id()).isEqualTo(id(4));
        assertThat(status().refused())
                .singleElement()
                .satisfies(
                        refused -> {
                            assertThat(refused.id()).isEqualTo(id(4));
                            assertThat(refused.reason()).isEqualTo(id(4) + " is damaged");
                        });
        assertThat(versions.refusedCount()).isEqualTo(1);
    }

    @Test
    void aVersionThatWasRefusedIsTriedAgainLater() {
        begin(3);
        ask(LATEST).join().close();
        store.damaged.add(4L);
        announce(4);
        store.damaged.clear();

        now = now.plus(RETRY).minusMillis(1);
        ask(LATEST).join().close();
        assertThat(answering(LATEST)).isEqualTo(3);

        now = now.plusMillis(1);
        ask(LATEST).join().close();
        assertThat(answering(LATEST)).isEqualTo(4);
        assertThat(status().refused()).isEmpty();
    }

    @Test
    void atTheBeginningTheNewestWholeVersionAnswers() {
        begin(5);
        store.damaged.addAll(Set.of(4L, 5L));

        assertThat(answering(LATEST)).isEqualTo(3);
        assertThat(status().refused())
                .extracting(RefusedVersion::id)
                .containsExactlyInAnyOrder(id(4), id(5));
    }

    @Test
    void whereNoneIsWholeTheNewestSaysWhyAndNothingIsReadAgainAtOnce() {
        begin(2);
        store.damaged.addAll(Set.of(1L, 2L));

        assertThat(failure(ask(LATEST)))
                .isEqualTo("no version of adapter 'spam' can be used: " + id(2) + " is damaged");
        assertThat(failure(ask(LATEST))).contains(id(2) + " is damaged");
        assertThat(store.read).containsExactly(2L, 1L);
    }

    @Test
    void aVersionThatHasLeftAndIsGoneIsReplacedByOneThatIsThere() {
        begin(3);
        ask(LATEST).join().close();
        residents.drop(id(3));
        store.damaged.add(3L);

        assertThat(answering(LATEST)).isEqualTo(2);
    }

    @Test
    void aPinnedVersionAnswersBesideTheNewest() {
        begin(3);

        assertThat(answering(OptionalLong.of(2))).isEqualTo(2);
        assertThat(answering(LATEST)).isEqualTo(3);
        assertThat(failure(ask(OptionalLong.of(4))))
                .isEqualTo("version 4 of adapter 'spam' was not announced, the newest is 3");
    }

    @Test
    void whatIsAskedForByItsNumberAndIsNotThereIsNoVersionThatTheNewestIsRefusedFor() {
        begin(3);
        store.damaged.add(1L);

        assertThat(failure(ask(OptionalLong.of(1)))).isEqualTo(id(1) + " is damaged");
        assertThat(versions.refusedCount()).isZero();
        assertThat(answering(LATEST)).isEqualTo(3);
    }

    @Test
    void aVersionThatWasRefusedIsOfNoConcernOnceANewerOneAnswers() {
        begin(3);
        ask(LATEST).join().close();
        store.damaged.add(4L);
        announce(4);
        assertThat(versions.refusedCount()).isEqualTo(1);

        announce(5);

        assertThat(answering(LATEST)).isEqualTo(5);
        assertThat(versions.refusedCount()).isZero();
    }

    @Test
    void whoWaitsIsToldWhereMemoryRunsOutAndTheNextOneTriesAgain() {
        begin(3);
        store.tooLarge.add(2L);
        assertThat(failure(ask(OptionalLong.of(2)))).contains("Java heap space");

        store.tooLarge.clear();
        assertThat(answering(OptionalLong.of(2))).isEqualTo(2);
    }

    @Test
    void aNewerVersionThatMemoryIsTooSmallForLeavesTheOldOne() {
        begin(3);
        ask(LATEST).join().close();
        store.tooLarge.add(4L);

        announce(4);

        assertThat(answering(LATEST)).isEqualTo(3);
        assertThat(status().refused()).hasSize(1);
    }

    @Test
    void anAdapterThatWasNotAnnouncedIsUnknown() {
        assertThat(failure(versions.lease("list", LATEST)))
                .isEqualTo("no version of adapter 'list' was announced");
    }

    @Test
    void aWithdrawnAdapterIsFreedAndUnknown() {
        begin(3);
        ask(LATEST).join().close();

        versions.withdrawn("spam");

        assertThat(store.open).isEmpty();
        assertThat(failure(versions.lease("spam", LATEST))).contains("no version");
    }

    @Test
    void aNewVersionOfAnAdapterThatNobodyAskedIsLookedAtAndNotKept() {
        begin(3);

        announce(4);

        assertThat(store.read).containsExactly(4L);
        assertThat(store.open).isEmpty();
        assertThat(status().serving()).contains(id(4));
    }

    @Test
    void anotherRunBeginsItsVersionsAnew() {
        begin(7);
        ask(LATEST).join().close();
        VersionId ofOther = new VersionId("spam", 1, "/other/spam/v00000001");

        versions.announced(announcement(ofOther));
        load();

        assertThat(status().serving()).contains(ofOther);
    }

    @Test
    void anAnnouncementThatIsReadAgainChangesNothing() {
        begin(3);
        ask(LATEST).join().close();

        announce(2);
        announce(3);
        versions.begin(Map.of("spam", announcement(id(3))));
        load();

        assertThat(store.read).containsExactly(3L);
        assertThat(status().serving()).contains(id(3));
    }

    @Test
    void whatIsNotAnnouncedAnyMoreWhenTheTopicIsReadAgainWasWithdrawn() {
        begin(3);

        versions.begin(Map.of());

        assertThat(versions.count()).isZero();
    }
}
