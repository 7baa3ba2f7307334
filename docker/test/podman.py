"""Runs a compose file, as compose-go has resolved it, in containers of podman.

What it does not know of a service is an error: nothing of the file is left out unsaid.
"""

import json
import os
import subprocess
import time

KNOWN = {
    "build", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck", "image",
    "mem_limit", "networks", "ports", "profiles", "read_only", "restart", "security_opt",
    "stop_grace_period", "tmpfs", "user", "volumes",
}


class Failed(Exception):
    """Something is not as it should be; the message is for whoever reads the log."""


class Podman:
    """The command, with storage of its own."""

    def __init__(self, root):
        self.root = root
        self.line = ["podman", f"--root={root}/storage", f"--runroot={root}/run"]

    def __call__(self, *arguments, stdin=None, check=True, limit=600):
        done = subprocess.run(
            [*self.line, *arguments], input=stdin, text=True, capture_output=True, timeout=limit
        )
        if check and done.returncode != 0:
            raise Failed(f"podman {' '.join(arguments[:2])} ended with {done.returncode}: "
                         f"{(done.stderr or done.stdout).strip()[-2000:]}")
        return done


def wait(what, limit, probe, on_timeout=lambda: ""):
    """Probes once a second until the answer is true, and returns it.

    The probe answers (result, what it saw); what it saw last is told when the time is over.
    """
    start = time.monotonic()
    result, seen = probe()
    while not result:
        if time.monotonic() - start > limit:
            raise Failed(f"waited {limit} s for {what}; the last that was seen: {seen}\n{on_timeout()}")
        time.sleep(1)
        result, seen = probe()
    print(f"    {what}: after {time.monotonic() - start:.0f} s ({seen})", flush=True)
    return result


class Stack:
    """The services of a compose file whose profiles are active."""

    def __init__(self, podman, name, model, profiles):
        self.podman = podman
        self.name = name
        self.all = model["services"]
        self.services = {
            service: said for service, said in self.all.items()
            if not said.get("profiles") or set(said["profiles"]) & set(profiles)
        }
        for service, said in self.all.items():
            unknown = set(said) - KNOWN - ({"deploy"} if service not in self.services else set())
            if unknown:
                raise Failed(f"service {service} has {sorted(unknown)}, which this test does not translate")

    def container(self, service):
        return f"{self.name}-{service}"

    def up(self):
        if self.podman("network", "exists", self.name, check=False).returncode:
            self.podman("network", "create", self.name)
        started = set()
        while len(started) < len(self.services):
            ready = [s for s in self.services if s not in started and set(self.needs(s)) <= started]
            if not ready:
                raise Failed(f"{sorted(set(self.services) - started)} wait for one another")
            for service in ready:
                self.start(service)
                started.add(service)

    def needs(self, service):
        return {n: c for n, c in self.services[service].get("depends_on", {}).items() if n in self.services}

    def start(self, service):
        for needed, how in self.needs(service).items():
            if how["condition"] == "service_healthy":
                self.await_health(needed)
            elif how["condition"] == "service_completed_successfully":
                self.await_end(needed)
        self.podman("run", "--detach", *self.arguments(service))

    def arguments(self, service, name=None):
        said = self.services.get(service) or self.all[service]
        aliases = [service, *((said.get("networks") or {}).get("default") or {}).get("aliases", [])]
        line = ["--name", name or self.container(service), "--network", self.name]
        line += [word for alias in aliases for word in ("--network-alias", alias)]
        line += [word for port in said.get("ports", []) if name is None for word in (
            "--publish", f"{port['host_ip']}:{port['published']}:{port['target']}")]
        for key, value in (said.get("environment") or {}).items():
            line += ["--env", f"{key}={value}"]
        for volume in said.get("volumes", []):
            mode = ":ro" if volume.get("read_only") else ""
            source = volume["source"]
            if volume["type"] == "volume":
                source = f"{self.name}-{source}"
            elif volume.get("bind", {}).get("create_host_path") and not os.path.exists(source):
                os.makedirs(source)
            line += ["--volume", f"{source}:{volume['target']}{mode}"]
        tmpfs = said.get("tmpfs", [])
        for each in [tmpfs] if isinstance(tmpfs, str) else tmpfs:
            line += ["--tmpfs", each]
        if said.get("read_only"):
            line += ["--read-only", "--read-only-tmpfs=false"]
        line += [word for cap in said.get("cap_drop", []) for word in ("--cap-drop", cap)]
        line += [f"--security-opt={each.replace(':true', '')}" for each in said.get("security_opt", [])]
        if "user" in said:
            line += ["--user", said["user"]]
        if "mem_limit" in said:
            line += ["--memory", str(said["mem_limit"])]
        if said.get("restart") and name is None:
            line += ["--restart", said["restart"]]
        if said.get("entrypoint"):
            line += ["--entrypoint", json.dumps(said["entrypoint"])]
        return [*line, said["image"], *(said.get("command") or [])]

    def run(self, service, *command, stdin=None, limit=300):
        """Like docker compose run --rm: another container of a service, for one command."""
        line = self.arguments(service, name=f"{self.name}-once")
        own = len(self.all[service].get("command") or [])
        if command and own:
            line = line[:-own]
        return self.podman("run", "--rm", *(["--interactive"] if stdin else []), *line, *command,
                           stdin=stdin, limit=limit)

    def state(self, service):
        return json.loads(self.podman("inspect", self.container(service)).stdout)[0]["State"]

    def check(self, service):
        """Whether a service is well, by its own health check."""
        test = self.services[service]["healthcheck"]["test"]
        done = self.podman("exec", self.container(service), *test[1:], check=False, limit=60)
        answer = (done.stderr or done.stdout).strip().splitlines()
        return done.returncode == 0, answer[-1] if answer else f"exit code {done.returncode}"

    def await_health(self, service, limit=240):
        wait(f"{service} is healthy", limit, lambda: self.check(service), lambda: self.logs(service))

    def await_end(self, service, limit=240):
        def probe():
            state = self.state(service)
            if state["Status"] == "exited" and state["ExitCode"]:
                raise Failed(f"{service} ended with {state['ExitCode']}:\n{self.logs(service)}")
            return state["Status"] == "exited", state["Status"]
        wait(f"{service} has done its work", limit, probe, lambda: self.logs(service))

    def logs(self, service, lines=40):
        done = self.podman("logs", "--tail", str(lines), self.container(service), check=False)
        return f"--- the end of the log of {service}\n{done.stdout}{done.stderr}"

    def whole_log(self, service):
        done = self.podman("logs", self.container(service), check=False)
        return done.stdout + done.stderr

    def remove(self, service):
        grace = self.all[service].get("stop_grace_period", "10s")
        self.podman("stop", "--time", str(int(grace.rstrip("s"))), self.container(service), check=False)
        self.podman("rm", "--force", self.container(service))

    def down(self):
        """Like docker compose down: what is in volumes stays."""
        for service in reversed(list(self.services)):
            if self.podman("container", "exists", self.container(service), check=False).returncode == 0:
                self.remove(service)
        self.podman("network", "rm", "--force", self.name)

    def clean(self):
        """Leaves nothing."""
        ours = f"name={self.name}-"
        containers = self.podman("ps", "--all", "--quiet", "--filter", ours, check=False).stdout.split()
        if containers:
            self.podman("rm", "--force", "--time", "0", *containers, check=False)
        self.podman("network", "rm", "--force", self.name, check=False)
        volumes = self.podman("volume", "ls", "--quiet", "--filter", ours, check=False).stdout.split()
        if volumes:
            self.podman("volume", "rm", "--force", *volumes, check=False)
