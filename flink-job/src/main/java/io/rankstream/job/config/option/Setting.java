package io.rankstream.job.config.option;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;

/**
 * An option with the rule for its values.
 *
 * @param option key, default and description
 * @param type what may be written and what it means
 * @param required whether the file must give it
 */
public record Setting<T>(ConfigOption<T> option, ValueType<T> type, boolean required) {

    public static <T> Setting<T> of(ConfigOption<T> option, ValueType<T> type) {
        return new Setting<>(option, type, false);
    }

    public static <T> Setting<T> required(ConfigOption<T> option, ValueType<T> type) {
        return new Setting<>(option, type, true);
    }

    public String key() {
        return option.key();
    }

    /** Description as one plain text. */
    public String description() {
        return new HtmlFormatter().format(option.description());
    }

    /** Default as it would be written; empty when there is none. */
    public String shownDefault() {
        return option.hasDefaultValue() ? type.print(option.defaultValue()) : "";
    }
}
