package io.rankstream.job.loop.join;

import io.rankstream.adapters.state.Seeds;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.config.settings.Selections;
import io.rankstream.job.input.PredictedInput;
import io.rankstream.job.loop.account.Deadline;
import io.rankstream.job.loop.account.LoopState;
import io.rankstream.job.loop.account.Slot;
import io.rankstream.job.loop.entry.Asked;
import io.rankstream.job.loop.entry.Decision;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.entry.KeptInput;
import io.rankstream.job.loop.entry.Phase;
import io.rankstream.job.loop.quality.DrawnInput;
import io.rankstream.job.loop.select.Selector;
import io.rankstream.job.loop.vote.Ballot;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.DeadLetterReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The loop of one adapter after another: takes inputs and votes in the order of their adapter, and
 * tells what comes of them. Each revision of a vote that it takes ends in exactly one outcome or
 * one dead letter, or is held by an entry that lives.
 *
 * <p>With each element, deadlines that have passed are looked at, a bounded number of them. An
 * entry whose turn has not come yet is brought up to date when an element meets it, so what comes
 * of it does not depend on that number.
 */
public final class AdapterLoop {

    /**
     * Entries without an input that an adapter keeps, so that votes on nothing take no end of room.
     */
    public static final int MOST_PARKED = 1_000_000;

    /** More than an element adds, so that no queue grows for long. */
    private static final int MOST_DEADLINES = 8;

    private static final long DOUBLE_VOTES = Seeds.derive(0, "double votes");

    private final JoinSettings settings;
    private final Selections selections;

    public AdapterLoop(JoinSettings settings, Selections selections) {
        this.settings = settings;
        this.selections = selections;
    }

    /**
     * An input has come.
     *
     * @param labels labels that people can choose from; empty where they are not known
     */
    public void input(
            PredictedInput predicted, List<String> labels, LoopState state, LoopOutput out)
            throws Exception {
        Desk desk = new Desk(state);
        String adapterId = predicted.adapterId();
        String exampleId = predicted.input().exampleId();
        desk.advance(predicted.input().eventTime(), settings.maxJump().toMillis());
        meetDeadlines(adapterId, desk, out);
        if (desk.hasHourEnded()) {
            out.emit(desk.quality(adapterId, labels, settings.window(), settings.horizon()));
        }
        Optional<Entry> known = live(adapterId, exampleId, desk, out);
        if (known.isPresent() && known.get().phase() != Phase.PARKED) {
            out.refuse(
                    predicted.input().origin(),
                    adapterId,
                    DeadLetterReason.DUPLICATE_EXAMPLE,
                    "an input with this id came before and is %s; give each input an id of its own"
                            .formatted(
                                    switch (known.get().phase()) {
                                        case OPEN -> "waiting for its label";
                                        case DECIDED -> "decided";
                                        case EXPIRED, PARKED -> "expired";
                                    }));
        } else {
            open(predicted, labels, known.map(Entry::parked).orElse(List.of()), desk, out);
        }
        desk.close();
    }

    /** A revision of a vote has come. */
    public void vote(Vote vote, LoopState state, LoopOutput out) throws Exception {
        Desk desk = new Desk(state);
        meetDeadlines(vote.adapterId(), desk, out);
        Optional<Entry> known = live(vote.adapterId(), vote.exampleId(), desk, out);
        if (known.isEmpty()) {
            park(vote, desk, out);
        } else if (known.get().phase() == Phase.PARKED) {
            parkBeside(vote, known.get(), desk, out);
        } else {
            Case found = of(vote.adapterId(), vote.exampleId(), known.get(), desk, out);
            found.cast(vote);
            desk.keep(vote.exampleId(), found.entry());
        }
        desk.close();
    }

    /**
     * How good an adapter was on the inputs before the hour of its stream that goes on, by all that
     * is known now, but recall by label; empty before its first input.
     */
    public Optional<AdapterQuality> quality(String adapterId, LoopState state) throws Exception {
        Desk desk = new Desk(state);
        return desk.isTimeKnown()
                ? Optional.of(
                        desk.quality(adapterId, List.of(), settings.window(), settings.horizon()))
                : Optional.empty();
    }

    private void open(
            PredictedInput predicted,
            List<String> labels,
            List<Vote> parked,
            Desk desk,
            LoopOutput out)
            throws Exception {
        String adapterId = predicted.adapterId();
        String exampleId = predicted.input().exampleId();
        DrawnInput drawn = desk.draw(predicted, new Selector(selections.of(adapterId)));
        out.emit(LoopRecords.prediction(predicted, drawn));
        desk.countInput(drawn);
        long expiresAt = desk.from(settings.horizon().toMillis());
        Entry entry =
                new Entry(
                        Phase.OPEN,
                        desk.now(),
                        desk.isTimeDoubted(),
                        expiresAt,
                        0,
                        Optional.of(KeptInput.of(predicted, drawn, labels)),
                        drawn.selected() ? votesWanted(adapterId, exampleId) : 1,
                        Asked.NOBODY,
                        Decision.NONE,
                        false,
                        Ballot.EMPTY,
                        List.of());
        desk.schedule(Deadline.EXPIRY, expiresAt, exampleId);
        Case opened = of(adapterId, exampleId, entry, desk, out);
        if (!parked.isEmpty()) {
            desk.countParked(-1);
        }
        for (Vote vote : parked) {
            opened.cast(vote);
        }
        opened.askFirst();
        desk.keep(exampleId, opened.entry());
    }

    private int votesWanted(String adapterId, String exampleId) {
        long hash = Seeds.derive(Seeds.derive(DOUBLE_VOTES, adapterId), exampleId);
        double drawn = (hash >>> 11) * 0x1p-53;
        return settings.votes() + (drawn < settings.doubleShare() ? 1 : 0);
    }

    private void park(Vote vote, Desk desk, LoopOutput out) throws Exception {
        if (desk.parked() >= MOST_PARKED) {
            refuseUnknown(
                    vote,
                    "votes on %,d inputs that have not come wait already".formatted(MOST_PARKED),
                    out);
            return;
        }
        long expiresAt = desk.from(settings.horizon().toMillis());
        desk.keep(vote.exampleId(), Entry.parked(desk.now(), expiresAt, List.of(vote)));
        desk.schedule(Deadline.EXPIRY, expiresAt, vote.exampleId());
        desk.countParked(1);
    }

    private static void parkBeside(Vote vote, Entry entry, Desk desk, LoopOutput out)
            throws Exception {
        Optional<Vote> there =
                entry.parked().stream()
                        .filter(
                                other ->
                                        other.labelId().equals(vote.labelId())
                                                && other.revision() == vote.revision())
                        .findFirst();
        Optional<String> contradiction = there.flatMap(vote::contradictionTo);
        if (contradiction.isPresent()) {
            out.refuse(
                    vote.origin(),
                    vote.adapterId(),
                    DeadLetterReason.INVALID_VOTE,
                    contradiction.get());
        } else if (there.isPresent()) {
            out.duplicate();
        } else if (entry.parked().size() >= Ballot.MOST_VOTES) {
            out.refuse(
                    vote.origin(),
                    vote.adapterId(),
                    DeadLetterReason.TOO_MANY_VOTES,
                    "%d revisions of votes wait for the input already, expected no more"
                            .formatted(Ballot.MOST_VOTES));
        } else {
            List<Vote> all = new ArrayList<>(entry.parked());
            all.add(vote);
            desk.keep(vote.exampleId(), Entry.parked(desk.now(), entry.expiresAt(), all));
        }
    }

    /** An entry after all that its deadlines have brought; empty where there is none any more. */
    private Optional<Entry> live(String adapterId, String exampleId, Desk desk, LoopOutput out)
            throws Exception {
        Entry entry = desk.entry(exampleId);
        if (entry == null) {
            return Optional.empty();
        }
        long expiresAt = desk.expiry(entry, settings.horizon().toMillis());
        if (entry.phase() != Phase.EXPIRED && entry.expiresAt() < expiresAt) {
            entry = entry.expiringAt(expiresAt);
            desk.keep(exampleId, entry);
            desk.schedule(Deadline.EXPIRY, expiresAt, exampleId);
        }
        if (entry.phase() == Phase.PARKED && entry.expiresAt() <= desk.now()) {
            for (Vote vote : entry.parked()) {
                refuseUnknown(vote, "its input did not come within the horizon", out);
            }
            desk.countParked(-1);
            desk.remove(exampleId);
            return Optional.empty();
        }
        if (entry.phase() == Phase.OPEN && entry.expiresAt() <= desk.now()) {
            Case expired = of(adapterId, exampleId, entry, desk, out);
            expired.expire();
            entry = expired.entry();
            desk.keep(exampleId, entry);
        }
        long forgetAt = desk.forgetting(entry, settings.corrections().toMillis());
        if (!entry.waits() && entry.forgetAt() < forgetAt) {
            entry = entry.forgottenAt(forgetAt);
            desk.keep(exampleId, entry);
            desk.schedule(Deadline.FORGETTING, forgetAt, exampleId);
        }
        if (!entry.waits() && entry.forgetAt() <= desk.now()) {
            desk.remove(exampleId);
            return Optional.empty();
        }
        return Optional.of(entry);
    }

    private static void refuseUnknown(Vote vote, String why, LoopOutput out) {
        out.refuse(
                vote.origin(),
                vote.adapterId(),
                DeadLetterReason.UNKNOWN_EXAMPLE,
                "no input of the adapter has the id of the vote: %s; send the input first, or correct exampleId"
                        .formatted(why));
    }

    private void meetDeadlines(String adapterId, Desk desk, LoopOutput out) throws Exception {
        if (!desk.isTimeKnown()) {
            return;
        }
        for (Deadline kind : Deadline.values()) {
            long longest =
                    (kind == Deadline.EXPIRY ? settings.horizon() : settings.corrections())
                            .toMillis();
            for (int i = 0; i < MOST_DEADLINES && !desk.isEmpty(kind); i++) {
                if (desk.nextDue(kind) <= desk.now()) {
                    live(adapterId, desk.take(kind).exampleId(), desk, out);
                } else if (desk.nextDue(kind) > desk.now() + longest) {
                    shorten(kind, desk.now() + longest, desk);
                } else {
                    break;
                }
            }
        }
    }

    /**
     * A deadline further off than any can be was given by a clock that proved wrong, before the
     * first input, or under longer settings; it would keep all others waiting.
     */
    private static void shorten(Deadline kind, long dueAt, Desk desk) throws Exception {
        Slot slot = desk.take(kind);
        Entry entry = desk.entry(slot.exampleId());
        boolean isExpiry = kind == Deadline.EXPIRY;
        if (entry != null && (isExpiry ? entry.expiresAt() : entry.forgetAt()) > dueAt) {
            desk.keep(
                    slot.exampleId(),
                    isExpiry ? entry.expiringAt(dueAt) : entry.forgottenAt(dueAt));
        }
        desk.schedule(kind, dueAt, slot.exampleId());
    }

    private Case of(String adapterId, String exampleId, Entry entry, Desk desk, LoopOutput out) {
        return new Case(settings, adapterId, exampleId, entry, desk, out);
    }
}
