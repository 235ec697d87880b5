"""The checkout works wherever it lies: no machine's paths, no registry's name, no key in it."""

import re

from checkout import files, text_of

# Dots and dashes stand in brackets, so that this file does not find itself.
REGISTRIES = re.compile(
    r"pypi[.](org|python)|pythonhosted[.]org|registry[.]npm|npmmirror[.]com|tuna[.]tsinghua|deb[.]debian[.]org"
    r"|mirrors?[.](aliyun|tencent|ustc|huaweicloud)|--(extra-)?index[-]url"
)
MACHINE_PATH = re.compile(r"(?<![\w./~$})-])/(?:work|root|tmp|home)/\w")
KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE[ ]KEY-----")


def found(pattern, *, but=()):
    """Return where the pattern stands in the checkout."""
    return [
        f"{name}: {match.group()}"
        for name in files()
        if name not in but
        for match in [pattern.search(text_of(name))]
        if match
    ]


def test_no_registry_is_named():
    assert not found(REGISTRIES)


def test_no_path_of_one_machine_is_named():
    assert not found(MACHINE_PATH)


def test_no_private_key_lies_here():
    assert not found(KEY)


def test_no_env_file_is_committed():
    assert not [name for name in files() if name.split("/")[-1] == ".env"]
