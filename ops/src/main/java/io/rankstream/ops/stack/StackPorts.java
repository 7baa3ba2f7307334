package io.rankstream.ops.stack;

/**
 * Ports of the local stack, on the loopback interface. 0 stands for any that is free.
 *
 * @param broker port of the broker
 * @param registry port of the schema registry
 */
public record StackPorts(int broker, int registry) {

    /** The highest there is. */
    public static final int LARGEST = 65_535;

    /** Where clients look for a broker that nothing was said about. */
    public static final int USUAL_BROKER = 9092;

    /** Where clients look for a registry that nothing was said about. */
    public static final int USUAL_REGISTRY = 8081;

    /** Whatever is free. */
    public static final StackPorts ANY = new StackPorts(0, 0);

    /** The ports that {@code rankstream stack} and {@code rankstream init} agree on. */
    public static final StackPorts USUAL = new StackPorts(USUAL_BROKER, USUAL_REGISTRY);

    /**
     * These ports, and for any that is free the one of {@code before}, if nobody has taken it.
     *
     * @param before where an earlier stack served
     */
    public StackPorts orAsBefore(StackPorts before) {
        return new StackPorts(
                orAsBefore(broker, before.broker), orAsBefore(registry, before.registry));
    }

    private static int orAsBefore(int port, int before) {
        return port == 0 && before != 0 && Ports.isFree(before) ? before : port;
    }

    /** {@code host:port} of a broker on its port. */
    public String bootstrapServers() {
        return LocalBroker.address(broker);
    }

    /** Base URL of a registry on its port, in Confluent's API. */
    public String registryUrl() {
        return LocalRegistry.url(registry);
    }
}
