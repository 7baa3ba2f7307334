/**
 * Files of public data sets as they are distributed: what each record of one says is known, so that
 * nobody names fields.
 */
package io.rankstream.ops.send.format;
