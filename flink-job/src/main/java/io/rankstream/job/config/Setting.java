package io.rankstream.job.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;

/**
 * An option with the rule for its values.
 *
 * @param option key, default and description
 * @param type what may be written and what it means
 * @param required whether the file must give it
 */
record Setting<T>(ConfigOption<T> option, ValueType<T> type, boolean required) {

    static <T> Setting<T> of(ConfigOption<T> option, ValueType<T> type) {
        return new Setting<>(option, type, false);
    }

    static <T> Setting<T> required(ConfigOption<T> option, ValueType<T> type) {
        return new Setting<>(option, type, true);
    }

    String key() {
        return option.key();
    }

    /** Key without the prefix that the settings of adapters have in common. */
    String name() {
        return nameOf(option);
    }

    static String nameOf(ConfigOption<?> option) {
        String key = option.key();
        return key.startsWith(RankstreamOptions.TRAINING)
                ? key.substring(RankstreamOptions.TRAINING.length())
                : key;
    }

    /** Description as one plain text. */
    String description() {
        return new HtmlFormatter().format(option.description());
    }

    /** Default as it would be written; empty when there is none. */
    String shownDefault() {
        return option.hasDefaultValue() ? type.print(option.defaultValue()) : "";
    }
}
