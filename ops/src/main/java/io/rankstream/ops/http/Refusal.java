package io.rankstream.ops.http;

import java.util.Optional;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaders;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpUtil;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpVersion;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.TooLongHttpHeaderException;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * Why a request is not answered with a page.
 *
 * @param status of HTTP
 */
record Refusal(int status, String sentence) {

    private static final int HTTP_1 = 1;

    /** Empty where nothing of the request speaks against an answer. */
    static Optional<Refusal> of(HttpRequest request, LocalServer.Pages pages) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(undecoded(request.decoderResult().cause()));
        }
        HttpVersion version = request.protocolVersion();
        if (!version.protocolName().equals("HTTP") || version.majorVersion() != HTTP_1) {
            return refused(505, "This page is served by HTTP/1.1 alone.");
        }
        HttpHeaders headers = request.headers();
        Optional<Target> target = Target.of(request.uri());
        if (!isToThisMachine(headers, target)) {
            return refused(421, "This page is served as localhost or 127.0.0.1 alone.");
        }
        RequestOrigin reader = new RequestOrigin(headers.get(HttpHeaderNames.ORIGIN), null);
        if (!reader.isOwn(headers.get(HttpHeaderNames.HOST))) {
            return refused(403, "A page from elsewhere reads and changes nothing here.");
        }
        int largestBody = target.map(it -> pages.largestBody(it.path())).orElse(0);
        if (largestBody > 0) {
            return ofBringing(request, largestBody);
        }
        if (hasBody(headers)) {
            return refused(413, "This page is read-only and takes no body.");
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return refused(405, "This page is read-only.");
        }
        return target.isPresent()
                ? Optional.empty()
                : refused(
                        400,
                        "What the request asks for is no path: expected one that begins with a slash, and each % in it followed by two hexadecimal digits.");
    }

    private static Optional<Refusal> ofBringing(HttpRequest request, int largestBody) {
        HttpHeaders headers = request.headers();
        if (!request.method().equals(HttpMethod.POST)) {
            return refused(405, "This path takes POST alone.");
        }
        RequestOrigin origin =
                new RequestOrigin(
                        headers.get(HttpHeaderNames.ORIGIN), headers.get("Sec-Fetch-Site"));
        if (!origin.isOwn(headers.get(HttpHeaderNames.HOST))) {
            return refused(403, "A page from elsewhere changes nothing here.");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return refused(411, "The request does not tell its length: expected Content-Length.");
        }
        long length = HttpUtil.getContentLength(request, 0L);
        return length <= largestBody
                ? Optional.empty()
                : refused(
                        413,
                        "The body has %d bytes, expected %d at most."
                                .formatted(length, largestBody));
    }

    private static Refusal undecoded(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(414, "The first line of the request is too long.");
        }
        return cause instanceof TooLongHttpHeaderException
                ? new Refusal(431, "The headers of the request are too long.")
                : new Refusal(
                        400,
                        "The request is none of HTTP/1.1: expected 'GET /path HTTP/1.1' and lines 'Name: value'.");
    }

    private static Optional<Refusal> refused(int status, String sentence) {
        return Optional.of(new Refusal(status, sentence));
    }

    private static boolean isToThisMachine(HttpHeaders headers, Optional<Target> target) {
        Optional<String> before = target.flatMap(Target::host);
        return isThisMachine(HostHeader.of(headers.getAll(HttpHeaderNames.HOST)))
                && (before.isEmpty() || isThisMachine(before.flatMap(HostHeader::of)));
    }

    private static boolean isThisMachine(Optional<HostHeader> host) {
        return host.filter(HostHeader::isThisMachine).isPresent();
    }

    private static boolean hasBody(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || (length != null && !length.strip().equals("0"));
    }
}
