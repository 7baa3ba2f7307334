package io.rankstream.ops.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real Chromium without a window, with one page, driven by its DevTools protocol. */
public final class Browser implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_SECONDS = 30;

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requested = new CopyOnWriteArrayList<>();
    private final Map<String, CompletableFuture<Void>> documents = new ConcurrentHashMap<>();
    private String session;

    /** The program, where this machine has one. */
    public static Optional<Path> program() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(
                        name ->
                                Stream.of(System.getenv("PATH").split(":"))
                                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one.
     *
     * @param profile an empty folder for what it keeps
     */
    public Browser(Path program, Path profile) throws Exception {
        process = start(program, profile);
        socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(endpoint(profile), new Listener())
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        JsonNode target =
                call("Target.createTarget", JSON.createObjectNode().put("url", "about:blank"));
        session =
                call(
                                "Target.attachToTarget",
                                JSON.createObjectNode()
                                        .put("targetId", target.get("targetId").asText())
                                        .put("flatten", true))
                        .get("sessionId")
                        .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", JSON.createObjectNode());
        }
        call("Page.setLifecycleEventsEnabled", JSON.createObjectNode().put("enabled", true));
    }

    private static Process start(Path program, Path profile) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(
                List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolveSibling(profile.getFileName() + ".log").toFile())
                .start();
    }

    /** It writes its port and path to a file once it listens. */
    private URI endpoint(Path profile) throws Exception {
        Path file = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                if (lines.size() == 2) {
                    return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
                }
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        throw new IllegalStateException("the browser did not start");
    }

    /** Size of the window in CSS pixels, and the colours that the system asks for. */
    public void show(int width, int height, double pixels, String scheme) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", pixels)
                        .put("mobile", width < 500));
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", scheme);
        call("Emulation.setEmulatedMedia", media);
    }

    /** Opens an address as a new document, which has loaded by the return. */
    public void open(URI address) throws Exception {
        // From the same document, another fragment would not load anew.
        load("about:blank");
        load(address.toString());
    }

    private void load(String address) throws Exception {
        String loader =
                call("Page.navigate", JSON.createObjectNode().put("url", address))
                        .get("loaderId")
                        .asText();
        loaded(loader).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Done when the document of a loader has loaded; its event may come before one asks. */
    private CompletableFuture<Void> loaded(String loader) {
        return documents.computeIfAbsent(loader, any -> new CompletableFuture<>());
    }

    /** Value of an expression in the page. */
    public JsonNode value(String expression) throws Exception {
        JsonNode answer =
                call(
                        "Runtime.evaluate",
                        JSON.createObjectNode()
                                .put("expression", expression)
                                .put("returnByValue", true)
                                .put("awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.get("exceptionDetails").toString());
        }
        return answer.at("/result/value");
    }

    /** Waits until an expression is true in the page. */
    public void await(String expression) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!value("Boolean(" + expression + ")").asBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("it never became true: " + expression);
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    /** Presses a key where the focus is. */
    public void press(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            ObjectNode event = JSON.createObjectNode().put("type", type).put("key", key);
            if (key.equals("Enter")) {
                event.put("windowsVirtualKeyCode", 13);
            }
            if (type.equals("keyDown") && (key.length() == 1 || key.equals("Enter"))) {
                event.put("text", key.equals("Enter") ? "\r" : key);
            }
            call("Input.dispatchKeyEvent", event);
        }
    }

    /** A picture of what is in sight. */
    public byte[] picture() throws Exception {
        JsonNode answer =
                call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
        return Base64.getDecoder().decode(answer.get("data").asText());
    }

    /** Errors and warnings on the page's console so far, exceptions included. */
    public List<String> complaints() {
        return complaints;
    }

    /** Addresses that the page has asked for. */
    public List<String> requested() {
        return requested;
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        int id = calls.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        if (session != null) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        JsonNode result = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (result.has("error")) {
            throw new IllegalStateException(method + ": " + result.get("error"));
        }
        return result.get("result");
    }

    private void take(JsonNode message) {
        if (message.has("id")) {
            answers.remove(message.get("id").asInt()).complete(message);
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                    complaints.add(parameters.at("/exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (!parameters.at("/type").asText().equals("log")) {
                    complaints.add(parameters.at("/args").toString());
                }
            }
            case "Log.entryAdded" -> complaints.add(parameters.at("/entry").toString());
            case "Network.requestWillBeSent" ->
                    requested.add(parameters.at("/request/url").asText());
            case "Page.lifecycleEvent" -> {
                if (parameters.at("/name").asText().equals("load")) {
                    loaded(parameters.at("/loaderId").asText()).complete(null);
                }
            }
            default -> {}
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    take(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    complaints.add(e.toString());
                }
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    /** The processes that it has started write into its profile until they have ended too. */
    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        process.destroy();
        try {
            for (ProcessHandle each : all) {
                each.onExit().get(10, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            all.forEach(ProcessHandle::destroyForcibly);
        } catch (ExecutionException e) {
            throw new IllegalStateException("it cannot be told whether the browser has ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
