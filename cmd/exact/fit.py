# Reads {"markers": [...], "specifiers": [...], "groups": [...]} from standard input,
# and prints which of them hold for this Python, and the tags of the wheels that it
# can use, the best one first. pip brings the module packaging along.
import json
import platform
import sys

from pip._vendor.packaging import markers, specifiers

asked = json.load(sys.stdin)


def holds(text):
    marker = markers.Marker(text)
    if "extras" not in text and "dependency_groups" not in text:
        return marker.evaluate({"extra": ""})
    try:
        return marker.evaluate({"extras": set(), "dependency_groups": set(asked["groups"])}, "lock_file")
    except TypeError:
        raise ValueError("this pip is too old for the marker: " + text)


def supported():
    try:
        from pip._vendor.packaging import tags
        return [str(tag) for tag in tags.sys_tags()]
    except ImportError:  # before pip 20
        from pip._internal import pep425tags
        return ["-".join(tag) for tag in pep425tags.get_supported()]


def admits(text):
    return specifiers.SpecifierSet(text).contains(platform.python_version(), prereleases=True)


try:
    answer = {
        "markers": [holds(text) for text in asked["markers"]],
        "specifiers": [admits(text) for text in asked["specifiers"]],
        "tags": supported(),
    }
except ValueError as error:
    answer = {"error": str(error)}
json.dump(answer, sys.stdout)
