import glob
import http.server
import json
import os


def provisioned():
    """Number of dashboards; raises where one, or the folders for them, cannot be read."""
    for folder in ("datasources", "dashboards"):
        if not glob.glob(f"/etc/grafana/provisioning/{folder}/*.yaml"):
            raise OSError(f"nothing is provisioned in {folder}")
    if not os.access("/var/lib/grafana", os.W_OK):
        raise OSError("/var/lib/grafana cannot be written")
    files = glob.glob("/etc/grafana/dashboards/**/*.json", recursive=True)
    for file in files:
        with open(file) as content:
            json.load(content)["title"]
    return len(files)


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, answer = 200, {"dashboards": provisioned()}
        except (OSError, ValueError, KeyError) as e:
            status, answer = 503, {"error": str(e)}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


http.server.ThreadingHTTPServer(("", 3000), Health).serve_forever()
