package io.rankstream.ops.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Whose page had a browser send a request, as far as it says. Browsers say so with every request
 * that a page of another site may send and that is no plain reading; other clients say nothing.
 *
 * @param origin value of the {@code Origin} header; null for none
 * @param site value of the {@code Sec-Fetch-Site} header; null for none
 */
public record RequestOrigin(String origin, String site) {

    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    /**
     * Whether no other page has sent it.
     *
     * @param host value of the {@code Host} header
     */
    public boolean isOwn(String host) {
        return (site == null || OWN_SITES.contains(site)) && (origin == null || isOf(host));
    }

    private boolean isOf(String host) {
        try {
            String authority = new URI(origin).getAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
