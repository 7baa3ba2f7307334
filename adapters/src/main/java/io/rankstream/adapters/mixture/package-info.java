/**
 * What an adapter knows beside its adapted model, and what all of it says together. Arrays alone:
 * no device, no model.
 *
 * <p>Three voices say how probable each label is:
 *
 * <ul>
 *   <li><b>the head</b>, which AdamW trains with the triplets, a step a micro-batch;
 *   <li><b>the online head</b> ({@link io.rankstream.adapters.mixture.OnlineHead}), as linear and
 *       on the same pooled vector, which learns after every example;
 *   <li><b>the words</b> ({@link io.rankstream.adapters.mixture.WordWeights}), a linear model on
 *       the hashed words of the whole text, which knows nothing of the base model.
 * </ul>
 *
 * <p>{@link io.rankstream.adapters.mixture.Mixture} adds their log-probabilities, each under a
 * weight of its own, and learns the weights as it goes (logistic mixing, Mattern 2012). Both linear
 * models learn by AdaGrad (Duchi, Hazan and Singer 2011): a rate for each number, no schedule.
 *
 * <p>Everything is counted and computed in the order of the examples with {@link
 * java.lang.StrictMath}, so equal examples give equal bits on every machine.
 */
@Internal
package io.rankstream.adapters.mixture;

import io.rankstream.adapters.api.Internal;
