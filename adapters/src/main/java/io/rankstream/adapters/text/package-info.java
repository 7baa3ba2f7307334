/** Words that messages of every module have in common. */
package io.rankstream.adapters.text;
