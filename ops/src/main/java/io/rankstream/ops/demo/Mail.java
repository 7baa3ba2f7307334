package io.rankstream.ops.demo;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A mail of the demo's stream.
 *
 * @param id where the corpus has it
 * @param timestamp arrival, milliseconds since the epoch
 * @param list mailing list it came over; empty for none
 * @param label ham or spam
 * @param subject subject line
 * @param body text without markup
 */
record Mail(
        @JsonProperty("id") String id,
        @JsonProperty("timestamp") long timestamp,
        @JsonProperty("list") String list,
        @JsonProperty("label") String label,
        @JsonProperty("subject") String subject,
        @JsonProperty("body") String body) {}
