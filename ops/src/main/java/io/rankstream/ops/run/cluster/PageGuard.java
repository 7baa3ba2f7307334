package io.rankstream.ops.run.cluster;

import io.rankstream.ops.http.HostHeader;
import io.rankstream.ops.http.RequestOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.rest.handler.util.HandlerUtils;
import org.apache.flink.runtime.rest.messages.ErrorResponseBody;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaderNames;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpHeaders;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpMethod;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.QueryStringDecoder;
import org.apache.flink.shaded.netty4.io.netty.util.ReferenceCountUtil;

/**
 * Keeps pages from elsewhere away from Flink's, which asks for no password and ends jobs for
 * whoever asks. It lets requests through that name the page's own host, and of those that change
 * something the ones that no other page's script has sent.
 */
final class PageGuard extends ChannelInboundHandlerAdapter {

    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<HostHeader> configured;
    private final boolean exposed;
    private final Map<String, String> responseHeaders;

    PageGuard(Configuration flink, Map<String, String> responseHeaders) {
        this.configured =
                Stream.of(RestOptions.ADDRESS, RestOptions.BIND_ADDRESS)
                        .flatMap(option -> flink.getOptional(option).stream())
                        .flatMap(host -> named(host).stream())
                        .collect(Collectors.toUnmodifiableSet());
        this.exposed =
                flink.getOptional(RestOptions.BIND_ADDRESS)
                        .flatMap(PageGuard::named)
                        .filter(HostHeader::isThisMachine)
                        .isEmpty();
        this.responseHeaders = responseHeaders;
    }

    /** Flink's options have an address of version 6 without its brackets. */
    private static Optional<HostHeader> named(String host) {
        return HostHeader.of(host.matches("[^\\[]*:.*:.*") ? "[" + host + "]" : host);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Flink closes the connection behind the answer
    public void channelRead(ChannelHandlerContext context, Object message) {
        Optional<Refusal> refusal =
                message instanceof HttpRequest request ? refusal(request) : Optional.empty();
        if (refusal.isEmpty()) {
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        HandlerUtils.sendErrorResponse(
                context,
                false,
                new ErrorResponseBody(refusal.get().sentence()),
                refusal.get().status(),
                responseHeaders);
    }

    /** Why a request is not let through. */
    private record Refusal(HttpResponseStatus status, String sentence) {}

    private Optional<Refusal> refusal(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (HostHeader.of(hosts).filter(this::isOurs).isEmpty()) {
            return Optional.of(
                    new Refusal(
                            HttpResponseStatus.MISDIRECTED_REQUEST,
                            "This page is served as localhost, 127.0.0.1 and the host of flink.rest.address alone."));
        }
        RequestOrigin origin =
                new RequestOrigin(
                        headers.get(HttpHeaderNames.ORIGIN), headers.get("Sec-Fetch-Site"));
        if (changes(request) && !origin.isOwn(hosts.get(0))) {
            return Optional.of(
                    new Refusal(
                            HttpResponseStatus.FORBIDDEN,
                            "A page from elsewhere changes nothing here: 'rankstream stop' ends the job."));
        }
        return Optional.empty();
    }

    /** An address is no foreign name; who serves more than this machine is reached by it. */
    private boolean isOurs(HostHeader host) {
        return host.isThisMachine() || configured.contains(host) || (exposed && host.isAddress());
    }

    /** Flink ends jobs by two requests to read, too. */
    private static boolean changes(HttpRequest request) {
        String path = new QueryStringDecoder(request.uri()).path();
        return !READING.contains(request.method()) || path.contains("/yarn-");
    }
}
