package io.rankstream.job.train;

import io.rankstream.adapters.drift.DriftAlarm;
import io.rankstream.adapters.drift.input.InputAlarm;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.job.batch.JudgedCommand;
import io.rankstream.job.encode.EncodedExample;
import io.rankstream.job.record.RawRecord;
import io.rankstream.job.record.RecordId;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.DriftSignal;
import java.time.Instant;
import java.util.Locale;

/** What is told to the world of changes in the stream of an adapter. */
final class DriftEvents {

    private DriftEvents() {}

    /**
     * An alarm.
     *
     * @param step the step that was taken on the example
     * @param example the one that raised it
     */
    static DriftEvent alarm(DriftAlarm alarm, long step, EncodedExample example) {
        return of(example.adapterId(), DriftEventKind.ALARM, step, alarm)
                .setExampleId(RecordId.shortened(example.id()))
                .setTopic(example.origin().topic())
                .setPartition(example.origin().partition())
                .setOffset(example.origin().offset())
                .setEventTime(Instant.ofEpochMilli(example.eventTime()))
                .setMessage(sentence(alarm))
                .build();
    }

    /**
     * What a watch over inputs has found.
     *
     * @param meta the adapter by then
     * @param id that of the input that raised it
     * @param origin where that lies
     */
    static DriftEvent advice(
            InputAlarm alarm, AdapterMeta meta, String id, long eventTime, RawRecord origin) {
        DriftEventKind kind = DriftEventKind.ADVISORY;
        return of(meta.adapterId(), kind, meta.step(), meta.score().examples())
                .setEventId(
                        "%s/%d/%s/%s"
                                .formatted(meta.adapterId(), alarm.input(), kind, alarm.signal()))
                .setSignal(DriftSignal.valueOf(alarm.signal().name()))
                .setInputs(alarm.input() - alarm.beginning() + 1)
                .setRateBefore(alarm.before())
                .setRateSince(alarm.since())
                .setExampleId(RecordId.shortened(id))
                .setTopic(origin.topic())
                .setPartition(origin.partition())
                .setOffset(origin.offset())
                .setEventTime(Instant.ofEpochMilli(eventTime))
                .setMessage(sentence(alarm))
                .build();
    }

    /** A change that a command has announced, {@code example} being the newest one by then. */
    static DriftEvent expected(JudgedCommand.Accepted command, long step, long example) {
        return of(command.adapterId(), DriftEventKind.EXPECTED, step, example)
                .setCommandId(RecordId.shortened(command.command().getCommandId()))
                .setMessage(
                        String.format(
                                Locale.ROOT,
                                "a change was announced after example %,d: the level that comes is taken as it is, without an alarm",
                                example))
                .build();
    }

    /** A command has said that an alarm was real. */
    static DriftEvent confirmed(DriftAlarm alarm, JudgedCommand.Accepted command, long step) {
        return about(
                alarm,
                DriftEventKind.CONFIRMED,
                command,
                step,
                "the alarm at example %,d is confirmed: the level since then is the one to compare with");
    }

    /** A command has said that an alarm was false. */
    static DriftEvent dismissed(DriftAlarm alarm, JudgedCommand.Accepted command, long step) {
        return about(
                alarm,
                DriftEventKind.DISMISSED,
                command,
                step,
                "the alarm at example %,d is dismissed: the level before it is kept");
    }

    /**
     * @param message with a place for the example
     */
    private static DriftEvent about(
            DriftAlarm alarm,
            DriftEventKind kind,
            JudgedCommand.Accepted command,
            long step,
            String message) {
        return of(command.adapterId(), kind, step, alarm)
                .setCommandId(RecordId.shortened(command.command().getCommandId()))
                .setMessage(String.format(Locale.ROOT, message, alarm.example()))
                .build();
    }

    private static DriftEvent.Builder of(
            String adapterId, DriftEventKind kind, long step, DriftAlarm alarm) {
        return of(adapterId, kind, step, alarm.example())
                .setBeginning(alarm.beginning())
                .setRateBefore(alarm.before())
                .setRateSince(alarm.since());
    }

    private static DriftEvent.Builder of(
            String adapterId, DriftEventKind kind, long step, long example) {
        return DriftEvent.newBuilder()
                .setEventId("%s/%d/%s".formatted(adapterId, example, kind))
                .setAdapterId(adapterId)
                .setKind(kind)
                .setStep(step)
                .setExample(example);
    }

    /** The same of what a watch over inputs has found. */
    static String sentence(InputAlarm alarm) {
        return String.format(
                Locale.ROOT,
                switch (alarm.signal()) {
                    case CONFIDENCE ->
                            "is unusually unsure of %.1f %% of its newest %,d inputs, of %.1f %% before";
                    case EMBEDDING ->
                            "has moving inputs: %.1f %% of the newest %,d are nearer to the newest ones than to those of a longer time, %.1f %% before";
                },
                100 * alarm.since(),
                alarm.input() - alarm.beginning() + 1,
                100 * alarm.before());
    }

    /** An alarm in a sentence without its subject, which is the adapter. */
    static String sentence(DriftAlarm alarm) {
        return String.format(
                Locale.ROOT,
                "is surprised by %.1f %% of its examples since about number %,d, by %.1f %% before (noticed at number %,d)",
                100 * alarm.since(),
                alarm.beginning(),
                100 * alarm.before(),
                alarm.example());
    }
}
