# {{.Header}}
bind = {{python (print "unix:" .Socket)}}
umask = 0o007  # nginx is in the group of the socket
chdir = {{python .Directory}}
wsgi_app = {{python .App}}

{{- if eq .Interface "asgi"}}
worker_class = "asgi"
workers = {{.Workers}}
{{- else}}
worker_class = "gthread"
workers = {{.Workers}}
threads = {{.Threads}}
{{- end}}
timeout = 60
graceful_timeout = 30

pidfile = {{python .PidFile}}
control_socket_disable = True
errorlog = "-"  # nginx writes the log of requests


def post_worker_init(worker):
    # Each worker that has imported the application tells "den serve reload" its number.
    try:
        with open({{python .ReadyFile}}, "a") as ready:
            ready.write("%d\n" % worker.pid)
    except OSError:
        pass
