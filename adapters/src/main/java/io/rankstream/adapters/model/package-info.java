/**
 * Base models: families, their files, and what they compute. A family has a package of its own;
 * what all of them need lies here.
 */
@Internal
package io.rankstream.adapters.model;

import io.rankstream.adapters.api.Internal;
