/**
 * The bridge between the requests and votes of a job and the projects of a Label Studio: requests
 * become tasks, annotations become votes. It keeps no state of its own: tasks carry which request
 * they are, the topic of votes says which votes were written, and the consumer group how far the
 * requests were read. All of it is one way of a request and back, so they share a package.
 */
package io.rankstream.ops.labelstudio;
