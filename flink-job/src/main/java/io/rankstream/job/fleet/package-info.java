/**
 * One rank budget for all adapters of a job. The train operator tells what each adapter needs; one
 * function hears all of them and divides the budget; what follows from that goes to the topic of
 * commands, and so back to the adapters.
 *
 * <p>It goes that way because no subtask of the train operator sees the adapters of another one,
 * and a Flink job has no cycle. A coordinator on the JobManager could answer its subtasks, but by
 * an interface that is Flink's own business, unseen by anybody, and without an answer. The topic of
 * commands is the cycle that is there: what it carries is written with a checkpoint, judged in the
 * order of an adapter's examples, answered, and can be read.
 */
package io.rankstream.job.fleet;
