/**
 * The train operator. Its parts see each other alone, and savepoints name its serializers by their
 * classes: that is why they are not spread over more packages.
 */
package io.rankstream.job.train;
