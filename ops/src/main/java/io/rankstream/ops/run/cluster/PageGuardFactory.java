package io.rankstream.ops.run.cluster;

import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.io.network.netty.InboundChannelHandlerFactory;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandler;

/**
 * Flink finds it by its service loader, in every cluster of a process. It guards the pages of those
 * that ask for it, as {@link LocalCluster} does, and leaves all others alone.
 */
public final class PageGuardFactory implements InboundChannelHandlerFactory {

    /** Whether the pages of a cluster are guarded. */
    static final ConfigOption<Boolean> GUARDED =
            ConfigOptions.key("rankstream.guarded-page").booleanType().defaultValue(false);

    @Override
    public int priority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Optional<ChannelHandler> createHandler(
            Configuration flink, Map<String, String> responseHeaders) {
        return flink.get(GUARDED)
                ? Optional.of(new PageGuard(flink, responseHeaders))
                : Optional.empty();
    }
}
