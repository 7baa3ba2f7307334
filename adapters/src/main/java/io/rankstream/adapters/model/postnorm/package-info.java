/**
 * Encoders whose layers normalize after each residual sum (post-LN, as Vaswani et al., 2017): what
 * BERT, DistilBERT and MPNet compute alike, whatever their files call it.
 */
@Internal
package io.rankstream.adapters.model.postnorm;

import io.rankstream.adapters.api.Internal;
