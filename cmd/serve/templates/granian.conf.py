# {{.Header}}
from pathlib import Path

from granian import Granian

server = Granian(
    {{python .App}},
    interface={{python .Interface}},
    working_dir=Path({{python .Directory}}),
    uds=Path({{python .Socket}}),
    uds_permissions=0o660,  # nginx is in the group of the socket
    workers={{.Workers}},
{{- if eq .Interface "wsgi"}}
    blocking_threads={{.Threads}},
{{- end}}
    workers_kill_timeout=30,
    respawn_failed_workers=True,
    websockets={{if eq .Interface "asgi"}}True{{else}}False{{end}},
    pid_file=Path({{python .PidFile}}),
    log_access=False,  # nginx writes the log of requests
)

if __name__ == "__main__":
    server.serve()
