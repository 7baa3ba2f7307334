/** What the loop keeps of an adapter beside its entries: its time, deadlines and annotators. */
package io.rankstream.job.loop.account;
