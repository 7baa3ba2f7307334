package io.rankstream.ops.labeling.queue;

import io.rankstream.schemas.LabelRequest;

/** A request that waits for answers. A better one comes first: the more urgent, then the older. */
record Asked(LabelRequest request) implements Comparable<Asked> {

    RequestKey key() {
        return new RequestKey(request.getAdapterId(), request.getRequestId());
    }

    InputKey input() {
        return new InputKey(request.getAdapterId(), request.getExampleId());
    }

    /** Characters that it keeps in memory. */
    long characters() {
        long sum = request.getText().length();
        sum += request.getTextPair() == null ? 0 : request.getTextPair().length();
        for (var entry : request.getMetadata().entrySet()) {
            sum += entry.getKey().length() + entry.getValue().length();
        }
        for (String label : request.getLabels()) {
            sum += label.length();
        }
        return sum;
    }

    @Override
    public int compareTo(Asked other) {
        int byPriority = Double.compare(other.request.getPriority(), request.getPriority());
        if (byPriority != 0) {
            return byPriority;
        }
        int byAge = request.getRequestedAt().compareTo(other.request.getRequestedAt());
        if (byAge != 0) {
            return byAge;
        }
        int byAdapter = request.getAdapterId().compareTo(other.request.getAdapterId());
        return byAdapter != 0
                ? byAdapter
                : request.getRequestId().compareTo(other.request.getRequestId());
    }
}
