package io.rankstream.job.loop.join;

import io.rankstream.adapters.task.Target;
import io.rankstream.job.config.settings.JoinSettings;
import io.rankstream.job.loop.account.Deadline;
import io.rankstream.job.loop.entry.Asked;
import io.rankstream.job.loop.entry.Decision;
import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.entry.KeptInput;
import io.rankstream.job.loop.entry.Phase;
import io.rankstream.job.loop.entry.Question;
import io.rankstream.job.loop.quality.Cohort;
import io.rankstream.job.loop.quality.Truth;
import io.rankstream.job.loop.vote.Ballot;
import io.rankstream.job.loop.vote.CastVote;
import io.rankstream.job.loop.vote.Verdict;
import io.rankstream.job.loop.vote.Vote;
import io.rankstream.job.loop.vote.VoteCheck;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.RequestReason;
import io.rankstream.schemas.VoteKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One input while an element is dealt with: alone changes its entry once it is open.
 *
 * <pre>
 * open ──(votes wanted are there, and one label leads)──► decided ──(another label leads)──► decided, CORRECTED
 *  │ ▲                                                     │  └──(nothing changes)──► decided, CONFIRMED
 *  │ └──────────(votes taken back, and there is time)──────┘
 *  └──(horizon)──► decided, if one label leads, or expired: CONFLICT, or EXPIRED; votes then are LATE
 * </pre>
 *
 * <p>Once something is decided, it holds until other votes outnumber its own, or all of its own are
 * taken back.
 */
final class Case {

    /** Of requests for which votes are there already: what was paid for is not lost. */
    private static final double FIRST = 2;

    /** Of requests that every input has the same chance of, on which estimates rest. */
    private static final double UNIFORM = 1;

    private final JoinSettings settings;
    private final LoopRecords records;
    private final LoopOutput out;
    private final Desk desk;
    private final String exampleId;
    private final long openedAt;
    private final boolean doubted;
    private final int wanted;

    private Phase phase;
    private long expiresAt;
    private long forgetAt;
    private KeptInput input;
    private Asked asked;
    private Decision decision;
    private boolean compared;
    private Ballot ballot;

    /**
     * @param entry one with an input
     */
    Case(
            JoinSettings settings,
            String adapterId,
            String exampleId,
            Entry entry,
            Desk desk,
            LoopOutput out) {
        this.settings = settings;
        this.records = new LoopRecords(adapterId, exampleId);
        this.out = out;
        this.desk = desk;
        this.exampleId = exampleId;
        this.openedAt = entry.openedAt();
        this.doubted = entry.doubted();
        this.wanted = entry.wanted();
        this.phase = entry.phase();
        this.expiresAt = entry.expiresAt();
        this.forgetAt = entry.forgetAt();
        this.input = entry.input().orElseThrow();
        this.asked = entry.asked();
        this.decision = entry.decision();
        this.compared = entry.compared();
        this.ballot = entry.ballot();
    }

    /** The entry as it is now. */
    Entry entry() {
        return new Entry(
                phase,
                openedAt,
                doubted,
                expiresAt,
                forgetAt,
                Optional.of(input),
                wanted,
                asked,
                decision,
                compared,
                ballot,
                List.of());
    }

    /**
     * Asks for what is still wanted of an input that was drawn, and that nobody was asked for, once
     * votes that were there count.
     */
    void askFirst() {
        if (input.drawn().selected() && phase == Phase.OPEN && asked.number() == 0) {
            RequestReason why =
                    input.drawn().uniform() ? RequestReason.UNIFORM : RequestReason.UNCERTAIN;
            ask(missing(), verdict() instanceof Verdict.Tied ? RequestReason.CONFLICT : why);
        }
    }

    /** Deals with a revision of a vote on it. */
    void cast(Vote vote) throws Exception {
        Vote fitting = vote;
        if (phase != Phase.EXPIRED) {
            VoteCheck.Checked checked = check().check(vote);
            if (checked instanceof VoteCheck.Checked.Misfit misfit) {
                refuse(vote, DeadLetterReason.INVALID_VOTE, misfit.why());
                return;
            }
            fitting = ((VoteCheck.Checked.Fits) checked).vote();
        }
        List<CastVote> before = ballot.standing();
        Ballot.Cast cast = ballot.cast(fitting, records.answered(vote.requestId(), asked.number()));
        if (cast instanceof Ballot.Cast.Duplicate) {
            out.duplicate();
        } else if (cast instanceof Ballot.Cast.Contradicting contradicting) {
            refuse(vote, DeadLetterReason.INVALID_VOTE, contradicting.why());
        } else if (cast instanceof Ballot.Cast.Full) {
            refuse(
                    vote,
                    DeadLetterReason.TOO_MANY_VOTES,
                    "the input has %d revisions of votes, expected no more; what was decided stays"
                            .formatted(Ballot.MOST_VOTES));
        } else if (cast instanceof Ballot.Cast.Overtaken overtaken) {
            ballot = overtaken.ballot();
            tell(OutcomeStatus.SUPERSEDED, List.of(overtaken.late()), one -> false);
        } else if (cast instanceof Ballot.Cast.Newest newest) {
            ballot = newest.ballot();
            if (!newest.overtaken().isEmpty()) {
                tell(OutcomeStatus.SUPERSEDED, newest.overtaken(), one -> false);
            }
            weigh(vote, before);
        }
    }

    private VoteCheck check() {
        Question question = input.question().orElseThrow();
        return new VoteCheck(question.labels(), question.labelRevision(), input.predicted());
    }

    private void weigh(Vote vote, List<CastVote> before) throws Exception {
        CastVote newest = ballot.votes().get(ballot.votes().size() - 1);
        desk.countVote(newest);
        if (phase != Phase.EXPIRED && isFirst(newest)) {
            desk.countPairs(newest, before);
        }
        if (vote.kind() == VoteKind.SKIP) {
            desk.count(openedAt, Cohort::skipped);
        } else if (labels(before) < 2 && labels(ballot.standing()) > 1) {
            desk.count(openedAt, Cohort::conflicted);
        }
        if (vote.kind() == VoteKind.VOTE
                && before.stream().noneMatch(one -> one.annotator().equals(vote.annotator()))) {
            asked = asked.oneMore();
        }
        switch (phase) {
            case OPEN -> consider(RequestReason.RETRACTED);
            case DECIDED -> reconsider();
            case EXPIRED -> tellUnsettled(OutcomeStatus.LATE, one -> false);
            case PARKED -> throw new IllegalStateException("a parked entry has no input");
        }
    }

    /** Whether it is the first vote of its annotator that says a label. */
    private boolean isFirst(CastVote vote) {
        return vote.kind() == VoteKind.VOTE
                && ballot.votes().stream()
                                .filter(other -> other.kind() == VoteKind.VOTE)
                                .filter(other -> other.annotator().equals(vote.annotator()))
                                .count()
                        == 1;
    }

    private static long labels(List<CastVote> standing) {
        return standing.stream().map(CastVote::label).distinct().count();
    }

    /** Decides if it can, and asks for what is missing if somebody was asked before. */
    private void consider(RequestReason whyMore) throws Exception {
        Verdict verdict = verdict();
        if (verdict instanceof Verdict.Said said && ballot.standing().size() >= wanted) {
            decide(said, desk.from(settings.corrections().toMillis()));
        } else if (asked.number() > 0 && missing() > asked.outstanding()) {
            cancel();
            ask(missing(), verdict instanceof Verdict.Tied ? RequestReason.CONFLICT : whyMore);
        }
    }

    private void reconsider() throws Exception {
        Verdict verdict = verdict();
        if (verdict instanceof Verdict.Said said
                && !decision.label().equals(Optional.of(said.label()))) {
            decide(said, desk.from(settings.corrections().toMillis()));
        } else if (decision.label().isEmpty() || holds(verdict)) {
            tellUnsettled(OutcomeStatus.CONFIRMED, this::saysTheDecision);
            if (verdict instanceof Verdict.Said said) {
                compare(said.label());
            }
        } else {
            desk.decided(decision.label(), Optional.empty());
            Optional<Truth> before = input.truth(decision.label());
            desk.count(openedAt, cohort -> cohort.retracted(input.drawn(), before));
            decision = decision.retracted();
            tellUnsettled(OutcomeStatus.RETRACTED, vote -> true);
            if (desk.now() < expiresAt) {
                phase = Phase.OPEN;
                consider(RequestReason.RETRACTED);
                askFirst();
            } else {
                desk.count(openedAt, cohort -> cohort.expired(input.drawn()));
            }
        }
    }

    /** Whether what was decided still leads, alone or beside others. */
    private boolean holds(Verdict verdict) {
        Target label = decision.label().orElseThrow();
        return (verdict instanceof Verdict.Said said && said.label().equals(label))
                || (verdict instanceof Verdict.Tied tied && tied.leaders().contains(label));
    }

    /** Its time to wait is over. */
    void expire() throws Exception {
        long forgotten = expiresAt + settings.corrections().toMillis();
        Verdict verdict = verdict();
        if (verdict instanceof Verdict.Said said) {
            decide(said, forgotten);
            return;
        }
        List<CastVote> standing = ballot.standing();
        if (verdict instanceof Verdict.Tied) {
            tellUnsettled(OutcomeStatus.CONFLICT, standing::contains);
        } else if (asked.number() > 0 || !ballot.unsettled().isEmpty()) {
            tellUnsettled(OutcomeStatus.EXPIRED, vote -> false);
        }
        desk.count(openedAt, cohort -> cohort.expired(input.drawn()));
        cancel();
        phase = Phase.EXPIRED;
        input = input.expired();
        forget(forgotten);
    }

    private void decide(Verdict.Said said, long forgotten) throws Exception {
        List<CastVote> standing = ballot.standing();
        OutcomeStatus status =
                decision.count() == 0 ? OutcomeStatus.FINAL : OutcomeStatus.CORRECTED;
        boolean teaches = decision.teaches(said.label());
        long votedAt = standing.get(standing.size() - 1).labeledAt();
        count(decision.label(), said.label(), votedAt - input.eventTime());
        decision = decision.next(said.label());
        phase = Phase.DECIDED;
        if (teaches) {
            out.emit(records.example(entry(), said.label()));
        }
        out.emit(
                records.outcome(
                        entry(),
                        status,
                        ballot.unsettled(),
                        standing::contains,
                        teaches,
                        Optional.of(votedAt),
                        desk.now()));
        ballot = ballot.settled();
        compare(said.label());
        if (isAnswered()) {
            close();
        } else {
            cancel();
        }
        forget(forgotten);
    }

    /** Compares annotators once, so that one who changes a vote does not count more than others. */
    private void compare(Target decided) throws Exception {
        List<CastVote> standing = ballot.standing();
        if (!compared && standing.size() > 1) {
            compared = true;
            desk.compare(decided, standing);
        }
    }

    private void count(Optional<Target> before, Target now, long delay) throws Exception {
        if (phase == Phase.DECIDED && before.isEmpty()) {
            desk.count(openedAt, cohort -> cohort.resumed(input.drawn()));
        }
        desk.decided(before, Optional.of(now));
        Optional<Truth> truth = input.truth(Optional.of(now));
        desk.count(
                openedAt,
                cohort ->
                        before.isPresent()
                                ? cohort.corrected(input.drawn(), input.truth(before), truth)
                                : cohort.returned(input.drawn(), truth, delay));
    }

    private void forget(long at) throws Exception {
        forgetAt = at;
        desk.schedule(Deadline.FORGETTING, at, exampleId);
    }

    private Verdict verdict() {
        return Verdict.of(ballot.standing());
    }

    private int missing() {
        int there = ballot.standing().size();
        return there < wanted ? wanted - there : 1;
    }

    private boolean saysTheDecision(CastVote vote) {
        return ballot.standing().contains(vote) && vote.label().equals(decision.label());
    }

    private void ask(int votes, RequestReason reason) {
        asked = asked.next(votes);
        desk.countOpened(asked.number() == 1);
        boolean isBlind =
                !settings.suggest()
                        || wanted > 1
                        || reason == RequestReason.CONFLICT
                        || !ballot.standing().isEmpty();
        long waits = desk.claimedExpiry(entry(), settings.horizon().toMillis());
        out.emit(records.open(entry(), reason, priority(reason), !isBlind, desk.now(), waits));
    }

    private double priority(RequestReason reason) {
        return switch (reason) {
            case CONFLICT, RETRACTED -> FIRST;
            case UNIFORM, UNKNOWN -> UNIFORM;
            case UNCERTAIN -> 1 - input.probability().orElse(1f);
        };
    }

    /** Takes the newest request back, where answers are still waited for. */
    private void cancel() {
        if (asked.open()) {
            if (!isAnswered()) {
                out.emit(records.cancel(entry(), desk.now()));
            }
            close();
        }
    }

    private void close() {
        if (asked.open()) {
            asked = asked.closed();
            desk.countClosed();
        }
    }

    /** Whether as many people as were wanted have answered the newest request by its id. */
    private boolean isAnswered() {
        long answers =
                ballot.votes().stream()
                        .filter(vote -> vote.kind() == VoteKind.VOTE)
                        .filter(vote -> vote.answers() == asked.number())
                        .map(CastVote::annotator)
                        .distinct()
                        .count();
        return answers >= asked.wanted();
    }

    private void tellUnsettled(OutcomeStatus status, Predicate<CastVote> counted) {
        tell(status, ballot.unsettled(), counted);
        ballot = ballot.settled();
    }

    private void tell(OutcomeStatus status, List<CastVote> settled, Predicate<CastVote> counted) {
        out.emit(
                records.outcome(
                        entry(), status, settled, counted, false, Optional.empty(), desk.now()));
    }

    private void refuse(Vote vote, DeadLetterReason reason, String message) {
        out.refuse(vote.origin(), vote.adapterId(), reason, message);
    }
}
