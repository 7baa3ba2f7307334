package io.rankstream.ops.dlq;

/**
 * A dead letter as it is listed.
 *
 * @param stored the letter
 * @param exampleId beginning of the example's id, printable; null where it cannot be read
 * @param text beginning of the example's text, printable; null where the record is no example
 * @param sentBack whether a replay has sent the record back
 */
record ShownLetter(StoredLetter stored, String exampleId, String text, boolean sentBack) {}
