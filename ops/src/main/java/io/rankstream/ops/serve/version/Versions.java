package io.rankstream.ops.serve.version;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version of each adapter answers. Thread-safe.
 *
 * <table>
 * <caption>An adapter's life here</caption>
 * <tr><th>state</th><th>what happens</th></tr>
 * <tr><td>announced</td><td>nothing is read until it is asked, or a newer version is announced</td></tr>
 * <tr><td>asked the first time</td><td>the newest version is read; if it is refused, those right
 * before it, in their order</td></tr>
 * <tr><td>a newer version is announced</td><td>it is read beside the one that answers, and takes its
 * place when it is found whole and ready; requests that have begun end by the old one</td></tr>
 * <tr><td>the newer version is refused</td><td>the old one stays; the newer is tried again when the
 * adapter is asked {@code retry} later, or one is announced that is newer still</td></tr>
 * <tr><td>withdrawn</td><td>it is not known any more</td></tr>
 * </table>
 *
 * @param <A> a version that is ready to answer
 */
public final class Versions<A extends Resident> {

    private static final Logger LOG = LoggerFactory.getLogger(Versions.class);

    /** Versions that are tried after the newest one of an adapter was refused. */
    private static final int MOST_BEFORE = 4;

    /** Refused versions of an adapter that are remembered. */
    private static final int MOST_REFUSED = 8;

    private final VersionSource<A> source;
    private final Residents<A> residents;
    private final Executor loads;
    private final InstantSource clock;
    private final Duration retry;
    private final VersionEvents events;

    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private final Map<VersionId, List<CompletableFuture<Lease<A>>>> waiting = new HashMap<>();

    /** What is known of an adapter. */
    private static final class Entry {
        Announcement newest;

        /** Null until one was found whole. */
        VersionId serving;

        /** Null unless the first version is being looked for. */
        CompletableFuture<VersionId> search;

        boolean checking;

        /** The newest finding last. */
        final Map<VersionId, RefusedVersion> refused = new LinkedHashMap<>();
    }

    /**
     * @param loads where versions are read
     * @param retry how long a version that was refused is left alone
     */
    public Versions(
            VersionSource<A> source,
            Residents<A> residents,
            Executor loads,
            InstantSource clock,
            Duration retry,
            VersionEvents events) {
        this.source = source;
        this.residents = residents;
        this.loads = loads;
        this.clock = clock;
        this.retry = retry;
        this.events = events;
    }

    /**
     * Takes all that a topic tells up to its end. The first time, nothing of it is read before it
     * is asked for; what is not among it later was withdrawn.
     */
    public void begin(Map<String, Announcement> announced) {
        List<String> gone;
        synchronized (this) {
            if (entries.isEmpty()) {
                announced.values().forEach(this::note);
                return;
            }
            gone = entries.keySet().stream().filter(id -> !announced.containsKey(id)).toList();
        }
        gone.forEach(this::withdrawn);
        announced.values().forEach(this::announced);
    }

    /** Takes one more announcement, and looks at that version. */
    public synchronized void announced(Announcement announcement) {
        if (note(announcement)) {
            check(announcement.id().adapterId());
        }
    }

    private boolean note(Announcement announcement) {
        Entry entry = entries.computeIfAbsent(announcement.id().adapterId(), id -> new Entry());
        Announcement before = entry.newest;
        entry.newest = before == null ? announcement : before.newer(announcement);
        return !entry.newest.equals(before);
    }

    /** An adapter is not to be served any more. */
    public void withdrawn(String adapterId) {
        VersionId serving;
        synchronized (this) {
            Entry entry = entries.remove(adapterId);
            serving = entry == null ? null : entry.serving;
        }
        if (serving != null) {
            residents.drop(serving);
        }
    }

    /**
     * A version to answer by.
     *
     * @param version its number; empty for the newest one that can be used
     * @return fails with an {@link UnknownVersionException} or a {@link VersionRefusedException}
     */
    public CompletableFuture<Lease<A>> lease(String adapterId, OptionalLong version) {
        try {
            return version.isPresent()
                    ? pinned(adapterId, version.getAsLong())
                    : latest(adapterId, true);
        } catch (UnknownVersionException | IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Lease<A>> pinned(String adapterId, long version)
            throws UnknownVersionException, IOException {
        Announcement newest;
        synchronized (this) {
            newest = known(adapterId).newest;
        }
        if (version > newest.id().version()) {
            throw new UnknownVersionException(
                    "version %d of adapter '%s' was not announced, the newest is %d"
                            .formatted(version, adapterId, newest.id().version()));
        }
        return lease(source.sibling(newest.id(), version));
    }

    /**
     * @param again whether to look for another version if the one that answered is gone
     */
    private CompletableFuture<Lease<A>> latest(String adapterId, boolean again)
            throws UnknownVersionException {
        VersionId serving;
        CompletableFuture<VersionId> search;
        synchronized (this) {
            Entry entry = known(adapterId);
            serving = entry.serving;
            if (serving == null) {
                search = search(adapterId, entry);
            } else {
                search = null;
                if (!serving.equals(entry.newest.id()) && mayTry(entry, entry.newest.id())) {
                    check(adapterId);
                }
            }
        }
        if (serving == null) {
            return search.thenCompose(this::lease);
        }
        CompletableFuture<Lease<A>> lease = lease(serving);
        return again
                ? lease.exceptionallyCompose(failure -> withoutServing(adapterId, serving))
                : lease;
    }

    /** The version that answered so far had left, and cannot be read any more. */
    private CompletableFuture<Lease<A>> withoutServing(String adapterId, VersionId gone) {
        synchronized (this) {
            Entry entry = entries.get(adapterId);
            if (entry != null && gone.equals(entry.serving)) {
                entry.serving = null;
            }
        }
        try {
            return latest(adapterId, false);
        } catch (UnknownVersionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Entry known(String adapterId) throws UnknownVersionException {
        Entry entry = entries.get(adapterId);
        if (entry == null) {
            throw new UnknownVersionException(
                    "no version of adapter '%s' was announced".formatted(adapterId));
        }
        return entry;
    }

    private boolean mayTry(Entry entry, VersionId id) {
        RefusedVersion refused = entry.refused.get(id);
        return refused == null || !clock.instant().isBefore(refused.since().plus(retry));
    }

    private CompletableFuture<VersionId> search(String adapterId, Entry entry) {
        if (entry.search == null) {
            entry.search = CompletableFuture.supplyAsync(() -> found(adapterId), loads);
        }
        return entry.search;
    }

    /** The newest version that can be used. It is ready when this returns, and answers. */
    private VersionId found(String adapterId) {
        try {
            return firstUsable(adapterId);
        } catch (IOException | UnknownVersionException e) {
            throw new CompletionException(e);
        } finally {
            synchronized (this) {
                Entry entry = entries.get(adapterId);
                if (entry != null) {
                    entry.search = null;
                }
            }
        }
    }

    private VersionId firstUsable(String adapterId) throws IOException, UnknownVersionException {
        Announcement newest;
        synchronized (this) {
            newest = known(adapterId).newest;
        }
        List<VersionId> candidates = new ArrayList<>(List.of(newest.id()));
        candidates.addAll(source.before(newest.id(), MOST_BEFORE));
        IOException first = null;
        for (VersionId id : candidates) {
            if (mayTry(adapterId, id)) {
                try {
                    take(id);
                    return id;
                } catch (IOException e) {
                    refuse(id, e);
                    first = first == null ? e : first;
                }
            }
        }
        throw new VersionRefusedException(
                "no version of adapter '%s' can be used: %s"
                        .formatted(adapterId, reason(newest.id(), first)),
                first);
    }

    private synchronized boolean mayTry(String adapterId, VersionId id) {
        Entry entry = entries.get(adapterId);
        return entry != null && mayTry(entry, id);
    }

    private synchronized String reason(VersionId id, IOException found) {
        Entry entry = entries.get(id.adapterId());
        RefusedVersion refused = entry == null ? null : entry.refused.get(id);
        return refused != null
                ? refused.reason()
                : found == null ? "it was withdrawn" : found.getMessage();
    }

    /** Makes a version ready and answers by it; what leaves for it is freed after that. */
    private void take(VersionId id) throws IOException {
        Residents.Added<A> added = residents.add(id, loaded(id), 0);
        serve(id);
        added.closeLeft();
    }

    private A loaded(VersionId id) throws IOException {
        Instant began = clock.instant();
        A ready = source.read(id, digest(id)).ready();
        events.loaded(Duration.between(began, clock.instant()));
        return ready;
    }

    /** What was announced of a version's manifest; only the newest announcement is kept. */
    private synchronized Optional<String> digest(VersionId id) {
        return Optional.ofNullable(entries.get(id.adapterId()))
                .map(entry -> entry.newest)
                .filter(newest -> newest.id().equals(id))
                .map(Announcement::manifestSha256);
    }

    private CompletableFuture<Lease<A>> lease(VersionId id) {
        CompletableFuture<Lease<A>> mine = new CompletableFuture<>();
        synchronized (this) {
            Optional<Lease<A>> here = residents.lease(id);
            if (here.isPresent()) {
                return CompletableFuture.completedFuture(here.get());
            }
            List<CompletableFuture<Lease<A>>> others = waiting.get(id);
            if (others != null) {
                others.add(mine);
                return mine;
            }
            waiting.put(id, new ArrayList<>(List.of(mine)));
        }
        loads.execute(() -> load(id));
        return mine;
    }

    private void load(VersionId id) {
        A ready;
        try {
            ready = loaded(id);
        } catch (Throwable e) { // whoever waits is told, also where memory has run out
            List<CompletableFuture<Lease<A>>> all;
            synchronized (this) {
                all = waiting.remove(id);
            }
            IOException failure = e instanceof IOException refused ? refused : notReady(e);
            if (isLatest(id)) {
                refuse(id, failure);
            }
            VersionRefusedException told =
                    new VersionRefusedException(failure.getMessage(), failure);
            all.forEach(each -> each.completeExceptionally(told));
            return;
        }
        List<CompletableFuture<Lease<A>>> all;
        Residents.Added<A> added;
        synchronized (this) {
            all = waiting.remove(id);
            added = residents.add(id, ready, all.size());
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).complete(added.leases().get(i));
        }
        added.closeLeft();
    }

    /**
     * Whether {@code latest} means it, or will; what is asked for by its number says no more of
     * them.
     */
    private synchronized boolean isLatest(VersionId id) {
        Entry entry = entries.get(id.adapterId());
        return entry != null && (id.equals(entry.serving) || id.equals(entry.newest.id()));
    }

    private static IOException notReady(Throwable e) {
        LOG.error("A version could not be made ready.", e);
        return new IOException("it could not be made ready: " + e, e);
    }

    /** Looks at an adapter's newest version beside the one that answers. */
    private void check(String adapterId) {
        Entry entry = entries.get(adapterId);
        if (!entry.checking) {
            entry.checking = true;
            loads.execute(() -> checkNewest(adapterId));
        }
    }

    private void checkNewest(String adapterId) {
        VersionId id;
        VersionId serving;
        synchronized (this) {
            Entry entry = entries.get(adapterId);
            if (entry == null) {
                return;
            }
            id = entry.newest.id();
            serving = entry.serving;
        }
        try {
            if (serving != null && residents.contains(serving)) {
                take(id);
            } else {
                source.read(id, digest(id));
                serve(id);
            }
        } catch (IOException e) {
            refuse(id, e);
        } catch (Throwable e) { // the next version is looked at, also where memory has run out
            refuse(id, notReady(e));
        } finally {
            checked(adapterId, id);
        }
    }

    private synchronized void checked(String adapterId, VersionId id) {
        Entry entry = entries.get(adapterId);
        if (entry != null) {
            entry.checking = false;
            if (!entry.newest.id().equals(id)) {
                check(adapterId);
            }
        }
    }

    /** From now on, {@code latest} means this version, unless a newer one came first. */
    private void serve(VersionId id) {
        VersionId left = null;
        boolean swaps = false;
        synchronized (this) {
            Entry entry = entries.get(id.adapterId());
            if (entry == null) {
                left = id; // it was withdrawn meanwhile
            } else {
                entry.refused.keySet().removeIf(old -> !old.follows(id));
                VersionId before = entry.serving;
                if (before == null || !(before.equals(id) || before.follows(id))) {
                    entry.serving = id;
                    left = before;
                    swaps = before != null;
                }
            }
        }
        if (left != null) {
            residents.drop(left);
        }
        if (swaps) {
            events.swapped();
            LOG.info("{} answers from now on, instead of version {}.", id, left.version());
        }
    }

    private void refuse(VersionId id, IOException failure) {
        boolean isNews;
        VersionId serving;
        synchronized (this) {
            Entry entry = entries.get(id.adapterId());
            if (entry == null) {
                return;
            }
            RefusedVersion refused = new RefusedVersion(id, failure.getMessage(), clock.instant());
            RefusedVersion before = entry.refused.remove(id);
            entry.refused.put(id, refused);
            if (entry.refused.size() > MOST_REFUSED) {
                entry.refused.remove(entry.refused.keySet().iterator().next());
            }
            isNews = before == null || !before.reason().equals(refused.reason());
            serving = entry.serving;
        }
        events.refused();
        if (isNews) {
            LOG.error(
                    "{} is refused: {}. {}",
                    id,
                    failure.getMessage(),
                    serving == null || serving.equals(id)
                            ? "No version of this adapter answers yet; earlier ones are tried when it is asked."
                            : "Version %d answers on.".formatted(serving.version()));
        }
    }

    /** Adapters that were announced, by id. */
    public synchronized List<AdapterStatus> all() {
        return entries.values().stream().map(this::status).collect(Collectors.toList());
    }

    /** Adapters that were announced. */
    public synchronized int count() {
        return entries.size();
    }

    /** Versions that are refused at present. */
    public synchronized int refusedCount() {
        return entries.values().stream().mapToInt(entry -> entry.refused.size()).sum();
    }

    /** One of {@link #all}; empty where nothing was announced of it. */
    public synchronized Optional<AdapterStatus> of(String adapterId) {
        return Optional.ofNullable(entries.get(adapterId)).map(this::status);
    }

    private AdapterStatus status(Entry entry) {
        return new AdapterStatus(
                entry.newest,
                Optional.ofNullable(entry.serving),
                entry.serving != null && residents.contains(entry.serving),
                List.copyOf(entry.refused.values()));
    }
}
