import importlib
import inspect
import json
import sys

directory, app = sys.argv[1:]
sys.path[:] = [directory] + [d for d in sys.path if d]
module, _, names = app.partition(":")


def answer(**facts):
    sys.stdout.write("\nden: " + json.dumps(facts) + "\n")
    sys.stdout.flush()
    sys.exit(0)


try:
    found = importlib.import_module(module)
except BaseException as e:
    import traceback

    frame = e.__traceback__
    while frame and (frame.tb_frame.f_code.co_filename == "<string>" or "importlib" in frame.tb_frame.f_code.co_filename):
        frame = frame.tb_next
    if frame:
        sys.stdout.write("".join(traceback.format_exception(type(e), e, frame)))
    answer(error="%s cannot be imported: %s: %s" % (module, type(e).__name__, e))
for name in names.split("."):
    if not hasattr(found, name):
        answer(error="%s has no %s" % (module, name))
    found = getattr(found, name)
if not callable(found):
    answer(error="it is a %s, and cannot be called" % type(found).__name__)
is_async = inspect.iscoroutinefunction(found) or inspect.iscoroutinefunction(type(found).__call__)
answer(interface="asgi" if is_async else "wsgi")
