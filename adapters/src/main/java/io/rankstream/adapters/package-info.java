/**
 * Adapters that learn on a stream of labeled texts, for a program without Flink: {@link
 * io.rankstream.adapters.BaseModel} opens a base model, {@link io.rankstream.adapters.Adapter}
 * learns, predicts and is saved. The types of this package are for others, and so is {@link
 * io.rankstream.adapters.task.Target}, which lies below since every room knows it. The rooms below
 * are {@linkplain io.rankstream.adapters.api.Internal internal}.
 */
package io.rankstream.adapters;
