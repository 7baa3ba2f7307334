package io.rankstream.benchmarks.step;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs the JMH benchmarks. Each runs in a JVM of its own with the flags of this one, which are
 * those of the product's launcher: no second compiler, whose threads take turns from the training.
 */
@Command(
        name = "micro",
        description = "Time of single operations, by JMH.",
        mixinStandardHelpOptions = true)
public final class MicroBenchmark implements Callable<Integer> {

    @Option(names = "--json", paramLabel = "FILE", description = "Writes JMH's results as JSON.")
    private Path json;

    @Parameters(
            paramLabel = "PATTERN",
            description = "Regular expressions that names of benchmarks match, by default all.")
    private List<String> patterns = List.of();

    @Override
    public Integer call() throws Exception {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.MICROSECONDS)
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true);
        patterns.forEach(options::include);
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        new Runner(options.build()).run();
        return 0;
    }
}
