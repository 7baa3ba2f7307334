package io.rankstream.ops.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Addresses on which a process accepts TCP connections, as Linux tells them. */
public final class ListeningSockets {

    /** State of a socket that listens, in {@code /proc/net/tcp}. */
    private static final String LISTEN = "0A";

    private ListeningSockets() {}

    /** All of them. */
    public static List<InetSocketAddress> of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> sockets = sockets(process.resolve("fd"));
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : Files.readAllLines(process.resolve(table))) {
                List<String> columns = List.of(line.strip().split("\\s+", -1));
                if (columns.get(3).equals(LISTEN)
                        && sockets.contains("socket:[" + columns.get(9) + "]")) {
                    addresses.add(address(columns.get(1)));
                }
            }
        }
        return addresses;
    }

    private static Set<String> sockets(Path descriptors) throws IOException {
        try (Stream<Path> links = Files.list(descriptors)) {
            return links.map(ListeningSockets::target).collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** The kernel prints an address as words in the byte order of the machine. */
    private static InetSocketAddress address(String hex) throws IOException {
        int colon = hex.indexOf(':');
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex.substring(0, colon)));
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return new InetSocketAddress(
                InetAddress.getByAddress(bytes.array()),
                Integer.parseInt(hex.substring(colon + 1), 16));
    }
}
