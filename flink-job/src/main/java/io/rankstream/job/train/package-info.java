/**
 * The train operator. Its parts see each other alone, and savepoints name its serializers by their
 * classes: that is why they share a package.
 */
package io.rankstream.job.train;
