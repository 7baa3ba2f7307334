/**
 * Base models: families, their files, and what they compute. A family has a package of its own;
 * what all of them need lies here. Files are read into a model that knows which files it is of, and
 * a family is told what the files say, so they share a package.
 */
@Internal
package io.rankstream.adapters.model;

import io.rankstream.adapters.api.Internal;
