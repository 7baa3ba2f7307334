package io.rankstream.ops.cli.option;

import picocli.CommandLine.Option;

/** Form of what a command prints. */
public final class TableOrJson {

    private enum Form {
        TABLE,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            defaultValue = "table",
            description = "Form of the output. Default: ${DEFAULT-VALUE}.")
    private Form form;

    /** Whether it is JSON. */
    public boolean isJson() {
        return form == Form.JSON;
    }
}
