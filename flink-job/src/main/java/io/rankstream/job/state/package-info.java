/**
 * State of an adapter as bytes. Savepoints name the serializers by their classes, so none of them
 * ever moves to another package: that is why so many share a package.
 */
package io.rankstream.job.state;
