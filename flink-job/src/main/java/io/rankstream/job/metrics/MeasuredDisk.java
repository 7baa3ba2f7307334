package io.rankstream.job.metrics;

import java.io.File;
import java.nio.file.Path;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of the disk that a folder of this machine is on. */
public final class MeasuredDisk {

    private MeasuredDisk() {}

    /**
     * Registers them, unless the folder is no folder of this machine, such as one of an object
     * store.
     *
     * @param folder value of the label
     * @param path a path, or the URI of one of Flink's file systems
     */
    public static void register(MetricGroup group, String folder, String path) {
        String scheme = new org.apache.flink.core.fs.Path(path).toUri().getScheme();
        if (scheme != null && !scheme.equals("file")) {
            return;
        }
        Path local = Path.of(new org.apache.flink.core.fs.Path(path).getPath()).toAbsolutePath();
        MetricGroup own = MetricLabel.FOLDER.in(group, folder);
        JobMetric.DISK_BYTES.gauge(own, () -> existing(local).getTotalSpace());
        JobMetric.DISK_FREE_BYTES.gauge(own, () -> existing(local).getUsableSpace());
    }

    /** The folder, or the nearest above it that is there. */
    private static File existing(Path folder) {
        Path nearest = folder;
        while (!nearest.toFile().exists() && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return nearest.toFile();
    }
}
