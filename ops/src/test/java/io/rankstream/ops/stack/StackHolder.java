package io.rankstream.ops.stack;

import java.nio.file.Path;

/** A parent that holds a local stack until it is killed. */
final class StackHolder {

    private StackHolder() {}

    /** Prints the process ids of broker and registry once both serve. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        LocalStack stack = LocalStack.start(Distribution.locate(), folder.resolve("work"), folder);
        System.out.println(stack.broker().pid() + " " + stack.registry().pid());
        Thread.currentThread().join();
    }
}
