"""mirror_file: a pinned file by way of the resolver. `.ci/ways-in` runs it without Bazel.

    mirror_file = use_repo_rule("//:mirror.bzl", "mirror_file")
    mirror_file(
        name = "zlib",
        url = "https://files.example/zlib.tar.gz",
        sha256 = "9a93b2…",
    )

The exit codes of `mirror fetch` are in Documentation/ExitCodes.md.
"""

def _mirror_file(context):
    name = context.attr.url.rpartition("/")[2]
    root = context.workspace_root
    mirror = context.which("mirror")
    if not mirror:
        fail("mirror_file: there is no mirror on PATH")
    done = context.execute(
        [
            mirror,
            "fetch",
            "--sha256",
            context.attr.sha256,
            "--store",
            str(root.get_child(".mirror")),
            "--lock",
            str(root.get_child("mirror.lock")),
            "-o",
            name,
            context.attr.url,
        ],
        timeout = 1800,
    )
    if done.return_code:
        fail("mirror_file {}: {}".format(context.name, done.stderr))
    context.file("BUILD.bazel", 'exports_files(["{}"])\n'.format(name))

mirror_file = repository_rule(
    implementation = _mirror_file,
    attrs = {
        "sha256": attr.string(mandatory = True),
        "url": attr.string(mandatory = True),
    },
)
