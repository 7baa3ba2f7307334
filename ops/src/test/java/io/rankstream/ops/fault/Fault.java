package io.rankstream.ops.fault;

import io.rankstream.ops.stack.FlinkProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * What can go wrong around a job. A fault strikes while examples are on their way, and more are
 * sent before it is repaired. It is not repaired before it has made itself felt.
 */
enum Fault {

    /** The TaskManager that runs the job is killed; the spare one takes over. */
    KILLED_TASK_MANAGER {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            target.flink().killTaskManager(taskManager(target));
            return target.flink()::startTaskManager;
        }
    },

    /**
     * The TaskManager that runs the job is frozen until the job runs on the spare one, and then
     * thawed: it goes on with what it was doing, its connections to the broker intact, until it
     * learns that it was replaced.
     */
    STALLED_TASK_MANAGER {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            String stalled = taskManager(target);
            long pid = target.flink().taskManagerPid(stalled);
            Signal.STOP.to(pid);
            return () -> {
                Await.until(
                        "the job runs on another TaskManager than " + stalled,
                        () -> target.job().runsOn().filter(id -> !id.equals(stalled)).isPresent());
                Signal.CONT.to(pid);
            };
        }
    },

    /**
     * The TaskManager is killed while a savepoint is being taken: the JobManager has triggered it,
     * and not all tasks have acknowledged it.
     */
    KILLED_TASK_MANAGER_IN_SAVEPOINT {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            String taskManager = taskManager(target);
            while (!isCaughtInSavepoint(target)) {
                // That one was too quick for us.
            }
            target.flink().killTaskManager(taskManager);
            return target.flink()::startTaskManager;
        }

        private static boolean isCaughtInSavepoint(Deployment target) throws Exception {
            String request = target.job().triggerSavepoint(target.savepoints());
            Await.until(
                    "the savepoint has begun",
                    () ->
                            target.job().isSavepointInProgress()
                                    || target.job().isSavepointOver(request));
            return target.job().isSavepointInProgress();
        }
    },

    /**
     * The TaskManager is killed between the two phases of a commit. The JobManager is frozen while
     * a checkpoint is being taken, so that it cannot tell the sinks to commit; they pre-commit,
     * that is, flush the transaction of the checkpoint and begin the next, and training goes on;
     * then the TaskManager is killed, and the JobManager thawed. If it finds all acknowledgements
     * of the checkpoint, it completes it with a transaction that nobody has committed; if one is
     * missing, it gives the checkpoint up.
     */
    KILLED_TASK_MANAGER_BEFORE_COMMIT {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            String taskManager = taskManager(target);
            while (!isKilledBeforeCommit(target, taskManager)) {
                traffic.send(1);
            }
            return target.flink()::startTaskManager;
        }

        private static boolean isKilledBeforeCommit(Deployment target, String taskManager)
                throws Exception {
            long jobManager = target.flink().jobManagerPid();
            long checkpoint = target.job().awaitCheckpointInProgress();
            Signal.STOP.to(jobManager);
            try {
                boolean caught = new Transactions(target.config()).arePreCommitted(checkpoint);
                if (caught) {
                    target.flink().killTaskManager(taskManager);
                }
                return caught;
            } finally {
                Signal.CONT.to(jobManager);
            }
        }
    },

    /** The JobManager is killed, and started again at the same address. */
    KILLED_JOB_MANAGER {
        @Override
        Repair strike(Deployment target, Traffic traffic) {
            target.flink().killJobManager();
            return target.flink()::startJobManager;
        }
    },

    /** The broker is killed, and started again with the data that it had. */
    KILLED_BROKER {
        @Override
        Repair strike(Deployment target, Traffic traffic) {
            target.stack().broker().kill();
            return target.stack().broker()::restart;
        }
    },

    /**
     * The broker is frozen until a client has given up on it, longer than a heartbeat may be late.
     */
    STALLED_BROKER {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            long pid = target.stack().broker().pid();
            Signal.STOP.to(pid);
            return () -> {
                awaitImpatientClient(target.stack().bootstrapServers());
                Signal.CONT.to(pid);
            };
        }

        private static void awaitImpatientClient(String bootstrapServers) throws Exception {
            Map<String, Object> impatient =
                    Map.of(
                            "bootstrap.servers", bootstrapServers,
                            "request.timeout.ms", 10_000,
                            "default.api.timeout.ms", 10_000);
            try (Admin client = Admin.create(impatient)) {
                client.describeCluster().nodes().get(1, TimeUnit.MINUTES);
                throw new AssertionError("a frozen broker has answered");
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TimeoutException)) {
                    throw e;
                }
            }
        }
    },

    /** The registry is killed while examples come in a schema that the job has to ask for. */
    KILLED_REGISTRY {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            traffic.evolveSchema();
            target.stack().registry().kill();
            return () -> {
                awaitJobThatMissesTheRegistry(target);
                target.stack().registry().restart();
            };
        }
    },

    /** The registry takes connections and answers nothing, when the job has to ask for a schema. */
    HUNG_REGISTRY {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            traffic.evolveSchema();
            long pid = target.stack().registry().pid();
            Signal.STOP.to(pid);
            return () -> {
                awaitJobThatMissesTheRegistry(target);
                Signal.CONT.to(pid);
            };
        }
    },

    /** The volume of the publish folder is gone, in the middle of a version if one is written. */
    LOST_PUBLISH_VOLUME {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            long since = System.currentTimeMillis();
            target.volume().unmount();
            return () -> {
                Await.until(
                        "a version could not be published",
                        () -> target.job().hasFailed("Cannot publish", since));
                target.volume().mount();
            };
        }
    },

    /**
     * No file that a TaskManager writes can grow beyond 64 KiB, which ends the writing of a
     * version, a checkpoint or a local file of the state in its middle, as a full disk does.
     */
    FULL_DISK {
        @Override
        Repair strike(Deployment target, Traffic traffic) throws Exception {
            long since = System.currentTimeMillis();
            limitFiles(target.flink(), "65536");
            return () -> {
                Await.until("the job has failed", () -> target.job().hasFailed("", since));
                limitFiles(target.flink(), "unlimited");
            };
        }

        private static void limitFiles(FlinkProcesses flink, String bytes) throws Exception {
            for (String taskManager : flink.taskManagers()) {
                long pid = flink.taskManagerPid(taskManager);
                Tool.run("prlimit", "--pid", Long.toString(pid), "--fsize=" + bytes + ":");
            }
        }
    };

    /** Line of the log of a job that waits for the registry. */
    private static final String REGISTRY_MISSED = "trying again for";

    /** Waits until the fault is felt where it might not be yet, and mends what the job cannot. */
    interface Repair {
        void run() throws Exception;
    }

    /** Lets it happen; the job runs, and examples are on their way. */
    abstract Repair strike(Deployment target, Traffic traffic) throws Exception;

    private static String taskManager(Deployment target) throws Exception {
        Await.until("the job runs", () -> target.job().runsOn().isPresent());
        return target.job().runsOn().orElseThrow();
    }

    private static void awaitJobThatMissesTheRegistry(Deployment target) throws Exception {
        Path log = target.flink().taskManagerLog(taskManager(target));
        long before = registryMissed(log);
        Await.until("the job misses the registry", () -> registryMissed(log) > before);
    }

    private static long registryMissed(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(REGISTRY_MISSED))
                .count();
    }
}
