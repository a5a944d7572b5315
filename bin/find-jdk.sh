# Finds a JDK that can build and run Unfold. Sourced by the scripts at the root (POSIX sh).
#
# After `. bin/find-jdk.sh; unfold_use_jdk`, JAVA_HOME names a JDK >= 25, or the shell has exited
# with 1 and a message that says what to install.

unfold_jdk_needed=25

# The feature release (21, 25, ...) of the JDK in folder $1; nothing if there is none. The `release`
# file answers without starting a JVM.
unfold_jdk_release() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"
}

unfold_jdk_ok() {
  found=$(unfold_jdk_release "$1")
  [ -n "$found" ] && [ "$found" -ge "$unfold_jdk_needed" ]
}

# The home of the `java` on PATH, through symlinks.
unfold_jdk_on_path() {
  java=$(command -v java 2>/dev/null) || return 0
  while [ -L "$java" ]; do
    target=$(readlink "$java")
    case $target in
      /*) java=$target ;;
      *) java=${java%/*}/$target ;;
    esac
  done
  home=$(cd "${java%/*}/.." 2>/dev/null && pwd -P) && printf '%s\n' "$home"
}

# Every folder where JDKs usually live, one a line.
unfold_jdk_folders() {
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
      "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
      "${HOME:-/}"/.gradle/jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -d "$home" ] && printf '%s\n' "$home"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$unfold_jdk_needed" 2>/dev/null
  fi
  return 0
}

unfold_find_jdk() (
  set +f # Maven's wrapper runs without globbing
  for home in "${UNFOLD_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(unfold_jdk_on_path)"; do
    if [ -n "$home" ] && unfold_jdk_ok "$home"; then
      printf '%s\n' "$home"
      exit 0
    fi
    if [ -n "$home" ] && [ "$home" = "${UNFOLD_JAVA_HOME:-}" ]; then
      echo "UNFOLD_JAVA_HOME=$home is not a JDK $unfold_jdk_needed or newer." >&2
      exit 1
    fi
  done
  # Among the installed ones, the release that Unfold is tested with comes first.
  newer=
  while IFS= read -r home; do
    found=$(unfold_jdk_release "$home")
    if [ "${found:-0}" -eq "$unfold_jdk_needed" ]; then
      printf '%s\n' "$home"
      exit 0
    fi
    [ "${found:-0}" -gt "$unfold_jdk_needed" ] && newer=${newer:-$home}
  done <<EOF
$(unfold_jdk_folders)
EOF
  if [ -n "$newer" ]; then
    printf '%s\n' "$newer"
    exit 0
  fi
  cat >&2 <<EOF
Unfold needs a JDK $unfold_jdk_needed or newer, and found none.
Install one, for example Eclipse Temurin $unfold_jdk_needed (https://adoptium.net), or
  sdk install java $unfold_jdk_needed-tem      (SDKMAN)
  brew install --cask temurin@$unfold_jdk_needed   (macOS)
or name the folder of one that is there already:
  export UNFOLD_JAVA_HOME=/path/to/jdk-$unfold_jdk_needed
EOF
  exit 1
)

unfold_use_jdk() {
  JAVA_HOME=$(unfold_find_jdk) || exit 1
  export JAVA_HOME
}
