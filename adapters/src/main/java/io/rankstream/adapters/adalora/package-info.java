/**
 * AdaLoRA (Zhang et al., "Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning", ICLR
 * 2023, arXiv 2303.10512): a low-rank update in the shape of a singular value decomposition, whose
 * singular values compete over all modules for a rank budget.
 *
 * <p>Names. The paper's P, Λ, Q are {@code B}, {@code E}, {@code A} here, as in the authors' code
 * and in PEFT. Triplet i of module k is column i of its B, value i of its E, row i of its A.
 *
 * <p>Where the paper and the authors' code differ, the code is followed, since the published
 * results and PEFT's adapters come from it:
 *
 * <ul>
 *   <li><b>Scale.</b> Eq. (3) adds P Λ Q as it is; the code multiplies by s = α / (init_r + 1e-5),
 *       a constant: {@link io.rankstream.adapters.state.TripletState#scale}.
 *   <li><b>Regulariser.</b> Eq. (4) sums squared norms over the modules; the code takes the mean of
 *       norms that are not squared. Both are there: {@link
 *       io.rankstream.adapters.method.OrthogonalityPenalty.Form}.
 *   <li><b>Sensitivity.</b> Eq. (8) pairs the gradient with the parameter that it was taken at; the
 *       code pairs it with the parameter after the optimizer's step, and the gradient is the
 *       clipped one, regulariser included: {@link io.rankstream.adapters.method.Importance}.
 *   <li><b>Pruning.</b> Eq. (5) and (6) prune after a plain gradient step on Λ; the code lets the
 *       optimizer step first and then zeroes E. Either keeps P and Q, so a triplet can return.
 *   <li><b>Ties.</b> Eq. (6) keeps the top b triplets; the code prunes whatever is not above a
 *       threshold, so more than it should where scores tie. This is the one place where the paper
 *       is followed: exactly b are kept, see {@link
 *       io.rankstream.adapters.adalora.RankAllocator#keep}.
 *   <li><b>Schedule.</b> Eq. (12) also subtracts t_f from the step, so that its ramp begins above
 *       b⁰; in the code it begins at b⁰ and is rounded down: {@link
 *       io.rankstream.adapters.adalora.FiniteBudgetSchedule}.
 * </ul>
 *
 * <p>The paper's schedule needs the number of steps. For a stream, which has none, {@link
 * io.rankstream.adapters.adalora.StreamingBudgetSchedule} keeps allocating for ever after the ramp.
 */
@Internal
package io.rankstream.adapters.adalora;

import io.rankstream.adapters.api.Internal;
