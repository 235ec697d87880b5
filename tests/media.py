"""What lies in a media folder, for tests that look whether it is gone."""


def kept_files(stage):
    """The hashes of the files in the stage's media folder, small copies left out."""
    folder = stage.settings.data / "media"
    return sorted(
        f"{file.parent.name}{file.name}" for file in folder.glob("[0-9a-f][0-9a-f]/*") if file.is_file()
    )


def all_bytes(stage):
    """Every byte of the media folder, small copies and all."""
    folder = stage.settings.data / "media"
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
