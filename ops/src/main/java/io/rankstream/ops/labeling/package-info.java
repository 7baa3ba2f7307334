/**
 * A page on which people label: it reads what is asked from {@code label-requests} and writes what
 * they say to {@code labels}.
 */
package io.rankstream.ops.labeling;
