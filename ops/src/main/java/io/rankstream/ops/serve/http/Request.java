package io.rankstream.ops.serve.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has arrived whole.
 *
 * @param method in upper case
 * @param path decoded, without the query
 * @param query parameters, decoded
 * @param contentType what it says of its body; empty where it says nothing
 * @param body not to be modified
 */
public record Request(
        String method,
        String path,
        Map<String, List<String>> query,
        Optional<String> contentType,
        byte[] body) {}
