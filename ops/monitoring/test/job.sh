# A small running job with something of everything to be seen: three adapters, one version each, a
# refused record. To be sourced; needs curl and the command line in $rankstream.

# start_job FOLDER: starts it there, and sets $metrics to the address of its metrics.
start_job() {
    mkdir -p "$1"
    cd "$1"
    export XDG_STATE_HOME=$1
    "$rankstream" --version # builds it, if that is to be done
    "$rankstream" stack --folder stack --broker-port 0 --registry-port 0 >stack.out 2>&1 &
    stack=$!
    wait_for 120 "$stack" grep -q -- '--bootstrap-servers' stack.out
    # shellcheck disable=SC2046 # the stack prints the options that init takes
    "$rankstream" init tickets --labels billing,outage,question \
        $(grep -o -- '--bootstrap-servers [^ ]* --registry [^ ]*' stack.out | head -n 1)
    cat >>tickets.yaml <<'YAML'
metrics.prometheus-port: 0
publish.first-step: 1
batch.linger: 100 ms
YAML
    "$rankstream" run --config tickets.yaml >run.out 2>&1 &
    run=$!
    wait_for 120 "$run" grep -q '^Metrics for Prometheus: ' run.out
    metrics=$(sed -n 's|^Metrics for Prometheus: http://\(.*\)/metrics|\1|p' run.out)
    examples >examples.jsonl
    "$rankstream" send --config tickets.yaml --json examples.jsonl \
        --map exampleId=id,adapterId=customer,text=text,label=category
    wait_for 120 "$run" metric_is_there flink_taskmanager_job_task_operator_user_adapter_reason_refusedRecords
    wait_for 120 "$run" metric_is_there 'flink_taskmanager_job_task_operator_adapter_version{.*} [1-9]'
    wait_for 120 "$run" metric_is_there 'flink_jobmanager_job_lastCheckpointCompletedTimestamp{.*} [1-9]'
}

stop_job() {
    stop "${run:-}"
    stop "${stack:-}"
}

# stop PROCESS: ends it and waits for that; nothing if there is none.
stop() {
    if [ -n "$1" ] && kill "$1" 2>/dev/null; then
        wait "$1" || true
    fi
}

examples() {
    for customer in acme.eu acme-eu quiet; do
        for n in 1 2 3 4 5 6 7 8; do
            echo "{\"id\": \"$customer-$n\", \"customer\": \"$customer\", \"text\": \"The invoice number $n is wrong\", \"category\": \"billing\"}"
            echo "{\"id\": \"$customer-o$n\", \"customer\": \"$customer\", \"text\": \"Host $n does not answer\", \"category\": \"outage\"}"
        done
    done
    echo '{"id": "refused", "customer": "quiet", "text": "What does it cost?", "category": "sales"}'
}

metric_is_there() {
    curl -fsS "http://$metrics/metrics" >scrape && grep -q "^$1" scrape
}

# wait_for SECONDS PROCESS COMMAND…: until the command succeeds; fails if the process ends before.
wait_for() {
    local limit=$((SECONDS + $1)) process=$2
    shift 2
    until "$@"; do
        kill -0 "$process" 2>/dev/null || { echo "it ended before: $*" >&2; return 1; }
        [ "$SECONDS" -lt "$limit" ] || { echo "not within its time: $*" >&2; return 1; }
        sleep 0.2
    done
}
