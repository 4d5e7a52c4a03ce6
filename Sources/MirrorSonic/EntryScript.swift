internal import SonicHook

/// The piece of shell by which SONiC's hooks come to our wrapper.
///
/// Every hook begins by sourcing `buildinfo_base.sh`, which sources `config/buildinfo.config`; one line
/// there sources this. So no file of SONiC's is changed, and on a machine without our program (armhf, a
/// folder that was not copied) nothing happens, in silence.
struct EntryScript {
  /// SONiC's folder in the container.
  let root: String

  /// The line in `buildinfo.config`.
  var configurationLine: String {
    "if [ -r \(root)/mirror/enter ]; then . \(root)/mirror/enter; fi"
  }

  /// The script that the line sources; only words of the shell itself, so it costs no process.
  var text: String {
    """
    # Sourced by SONiC's build hooks. Without our program for this machine it does nothing.
    case "${0##*/}" in
    \(Wrapper.tools.joined(separator: " | ")))
      # What a hook around this one exported names that hook's tool, not this one's.
      unset REAL_COMMAND
      # Some releases pass Y, which the hooks do not know.
      if [ "$SKIP_BUILD_HOOK" = Y ]; then export SKIP_BUILD_HOOK=y; fi
      # The wrapper sends back here, in the same process, what it has no part in.
      if [ "$\(Wrapper.visited)" != "$$" ] && [ -x "\(root)/mirror/bin/$HOSTTYPE/sonic-hook" ]; then
        shopt -s execfail
        \(Wrapper.visited)=$$ exec "\(root)/mirror/bin/$HOSTTYPE/sonic-hook" "${0##*/}" "$@"
        shopt -u execfail
      fi
      unset \(Wrapper.visited)
      ;;
    esac

    """
  }

  /// What stands for a program of ours that tools call by a path, such as apt's acquire method: a file
  /// that finds the one for this machine.
  func program(named name: String) -> String {
    """
    #!/bin/bash
    exec "\(root)/mirror/bin/$HOSTTYPE/sonic-hook" \(name) "$@"

    """
  }

  /// A hook for a tool that SONiC has none for.
  func hook(for tool: String) -> String {
    """
    #!/bin/bash
    # SONiC has no hook for \(tool): this one comes to Mirror's wrapper, and else finds the tool.
    \(configurationLine)
    IFS=:
    for folder in $PATH; do
      if [ -x "$folder/\(tool)" ] && [ ! "$folder/\(tool)" -ef "$0" ]; then
        exec "$folder/\(tool)" "$@"
      fi
    done
    echo "\(tool): not found on PATH (other than the build's own hooks)" >&2
    exit 127

    """
  }
}
