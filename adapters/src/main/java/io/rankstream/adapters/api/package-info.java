/** What is said of the learner's types. */
@Internal
package io.rankstream.adapters.api;
