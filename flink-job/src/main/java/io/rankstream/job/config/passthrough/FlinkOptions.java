package io.rankstream.job.config.passthrough;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Options of Flink that can be listed here. There may be more: of plugins, of file systems. */
public final class FlinkOptions {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkOptions.class);

    /** Lists the options once, and only where somebody asks for them. */
    private static final class Listed {
        private static final Map<String, ConfigOption<?>> BY_KEY = listed();
    }

    private FlinkOptions() {}

    /** Options of Flink and its RocksDB by their keys, former keys included. */
    public static Map<String, ConfigOption<?>> byKey() {
        return Listed.BY_KEY;
    }

    /** Options that are constants of {@code type} by their keys, former keys included. */
    static Map<String, ConfigOption<?>> of(Class<?> type) {
        return byKey(constants(type).toList());
    }

    private static Map<String, ConfigOption<?>> listed() {
        return byKey(
                Stream.concat(
                                Stream.of(CheckpointingOptions.class, RocksDBOptions.class)
                                        .flatMap(FlinkOptions::optionsBeside),
                                FlinkDefaults.ALL.stream().map(FlinkDefaults.Default::option))
                        .toList());
    }

    /** Of a key that one option has and another had, it is the one that has it. */
    private static Map<String, ConfigOption<?>> byKey(List<? extends ConfigOption<?>> options) {
        Map<String, ConfigOption<?>> byKey = new HashMap<>();
        for (ConfigOption<?> option : options) {
            for (FallbackKey former : option.fallbackKeys()) {
                byKey.put(former.getKey(), option);
            }
        }
        options.forEach(option -> byKey.put(option.key(), option));
        return Map.copyOf(byKey);
    }

    /** Options in the package of {@code type}; none where they cannot be listed. */
    private static Stream<ConfigOption<?>> optionsBeside(Class<?> type) {
        String folder = type.getPackageName().replace('.', '/') + "/";
        try (JarFile jar = new JarFile(jarOf(type).toFile())) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(
                            name ->
                                    name.startsWith(folder)
                                            && name.endsWith("Options.class")
                                            && name.indexOf('/', folder.length()) < 0)
                    .toList()
                    .stream()
                    .flatMap(name -> loaded(name, type.getClassLoader()))
                    .flatMap(FlinkOptions::constants);
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            LOG.info("Options cannot be checked: {} lists no classes", type.getPackage(), e);
            return Stream.empty();
        }
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        URI location = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        return Path.of(location);
    }

    private static Stream<Class<?>> loaded(String file, ClassLoader loader) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            return Stream.of(Class.forName(name, true, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.debug("Options of {} are not known here", name, e);
            return Stream.empty();
        }
    }

    private static Stream<ConfigOption<?>> constants(Class<?> type) {
        return Stream.of(type.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(FlinkOptions::value)
                .flatMap(
                        constant ->
                                constant instanceof ConfigOption<?> option
                                        ? Stream.of(option)
                                        : Stream.empty());
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("a public constant cannot be read: " + field, e);
        }
    }
}
