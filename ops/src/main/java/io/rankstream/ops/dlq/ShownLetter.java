package io.rankstream.ops.dlq;

/**
 * A dead letter as it is listed.
 *
 * @param stored the letter
 * @param text beginning of the example's text, printable; null where the record is no example
 * @param sentBack whether a replay has sent the record back
 */
record ShownLetter(StoredLetter stored, String text, boolean sentBack) {}
