package io.rankstream.job.loop.vote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** A ballot as bytes of a value that has a format: number of votes, and each with its flags. */
public final class BallotForm {

    private static final int SETTLED = 1;
    private static final int OVERTAKEN = 2;

    private BallotForm() {}

    public static void write(Ballot ballot, DataOutputView target) throws IOException {
        target.writeByte(ballot.votes().size());
        for (CastVote vote : ballot.votes()) {
            StringValue.writeString(vote.labelId(), target);
            target.writeLong(vote.revision());
            StringValue.writeString(vote.annotator(), target);
            VoteSerializer.write(vote.kind(), target);
            VoteSerializer.write(vote.label(), target);
            target.writeLong(vote.labeledAt());
            target.writeInt(vote.answers());
            target.writeByte((vote.settled() ? SETTLED : 0) | (vote.overtaken() ? OVERTAKEN : 0));
        }
    }

    public static Ballot read(DataInputView source) throws IOException {
        int count = source.readUnsignedByte();
        List<CastVote> votes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            votes.add(readVote(source));
        }
        return count == 0 ? Ballot.EMPTY : new Ballot(votes);
    }

    private static CastVote readVote(DataInputView source) throws IOException {
        CastVote bare =
                new CastVote(
                        StringValue.readString(source),
                        source.readLong(),
                        StringValue.readString(source),
                        VoteSerializer.readKind(source),
                        VoteSerializer.readLabel(source),
                        source.readLong(),
                        source.readInt(),
                        false,
                        false);
        int flags = source.readByte();
        if ((flags & OVERTAKEN) != 0) {
            return bare.asOvertaken();
        }
        return (flags & SETTLED) != 0 ? bare.asSettled() : bare;
    }
}
