/**
 * One rank budget for the adapters of one base model. Arrays alone: no device, no model.
 *
 * <p>AdaLoRA lets the triplets of one adapter compete by their importance. Importances are
 * estimates of a change of loss, so those of adapters over one base model can be compared, and the
 * triplets of all adapters can compete for one total. {@link
 * io.rankstream.adapters.fleet.ImportanceHistogram} is what an adapter tells of its triplets, and
 * {@link io.rankstream.adapters.fleet.FleetAllocator} divides the total.
 *
 * <p>Everything is computed in a fixed order with {@link java.lang.StrictMath}, so equal needs give
 * equal budgets on every machine.
 */
@Internal
package io.rankstream.adapters.fleet;

import io.rankstream.adapters.api.Internal;
