package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.VoteKind;
import java.util.Optional;

/**
 * What a person has done with a request.
 *
 * @param decision id that the page gives it, the same in each attempt to hand it over
 * @param annotator who answers
 * @param request what is answered
 * @param kind what is said
 * @param label a {@link String}, a {@link Double} or a list of strings; empty unless kind is VOTE
 * @param suggestionShown whether the person saw what the adapter had said
 * @param leadTimeMs time from showing the request to the answer; empty where it is not known
 */
public record Answer(
        String decision,
        String annotator,
        RequestKey request,
        VoteKind kind,
        Optional<Object> label,
        boolean suggestionShown,
        Optional<Long> leadTimeMs) {}
