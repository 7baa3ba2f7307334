/**
 * Adapters that learn on a stream of labeled texts, for a program without Flink: {@link
 * io.rankstream.adapters.BaseModel} opens a base model, {@link io.rankstream.adapters.Adapter}
 * learns, predicts and is saved. These types, and the template in {@code training}, are for others;
 * the rooms below serve this project's own modules and may change.
 */
package io.rankstream.adapters;
