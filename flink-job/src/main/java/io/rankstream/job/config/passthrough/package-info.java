/**
 * Options that are handed on to a library: each is judged as the library reads it, alone and then
 * together with the others.
 */
package io.rankstream.job.config.passthrough;
