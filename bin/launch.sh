# Builds an application on first use or when it is out of date, then becomes it. Sourced by bash
# scripts at the root, with `root` set to the checkout:
#
#   launch MODULE JAR MAIN_CLASS WARM_UP -- ARGUMENT...
#
# WARM_UP holds the arguments of a short run whose classes later starts find ready, in one word;
# empty for none. It times no kernels.
#
# What runs is a copy in MODULE/target/app, so that a later build cannot pull the jars from under a
# program that is still training.

. "$root/bin/find-jdk.sh"

launch_flags=(
  --enable-native-access=ALL-UNNAMED
  --add-modules jdk.incubator.vector
  -XX:+UseSerialGC
  # Each vector loop is compiled by itself (unfold.backend.vector says why).
  -XX:CompileCommand=quiet
  '-XX:CompileCommand=dontinline,*Loops::*'
  # And what it is made of goes into it, however short its rows were when it was compiled: a call
  # would put its vectors on the heap.
  '-XX:CompileCommand=inline,*backend/vector/VectorMath.*'
  '-XX:CompileCommand=inline,*backend/vector/Raw.*'
  '-XX:CompileCommand=inline,*backend/vector/Lanes.*'
  '-XX:CompileCommand=inline,*backend/vector/Pairs.*'
  # HotSpot's second compiler begins late, after thirty times the usual calls: it would spend a
  # start's second second on methods of the Vector API that nobody calls any more once the loops
  # themselves are compiled. What a step runs keeps the usual thresholds, and loops a tenth of them:
  # until it is compiled a loop puts its vectors on the heap, and a step that takes long runs each
  # of its loops seldom.
  -XX:Tier4InvocationThreshold=150000
  -XX:Tier4MinInvocationThreshold=18000
  -XX:Tier4CompileThreshold=450000
  -XX:Tier4BackEdgeThreshold=1200000
  '-XX:CompileCommand=CompileThresholdScaling,unfold.backend*::*,0.033'
  '-XX:CompileCommand=CompileThresholdScaling,unfold.run*::*,0.033'
  '-XX:CompileCommand=CompileThresholdScaling,*Loops::*,0.0033'
  # What was seen so far of methods that go into others counts, however often they were called:
  # this share of the thresholds above would be so much that a loop leaves calls of the Vector API
  # as they are, and allocates vectors for ever.
  -XX:ProfileMaturityPercentage=0
  -Xms48m # a heap that starts at a share of the machine is touched whole before it is first collected
)

# True where no build stands, or a source, resource or pom is newer than it.
launch_stale() {
  [ -f "$app/$jar" ] && [ -f "$app/built" ] || return 0
  local newer
  # Folders count too: a deleted file shows in the time of its folder.
  newer=$(find "$root"/pom.xml "$root"/unfold-*/pom.xml "$root"/unfold-*/src/main \
    -newer "$app/built" -print 2>/dev/null | { [ "$module" = unfold-bench ] && cat ||
    grep -v "^$root/unfold-bench/"; } | head -n 1) || true
  [ -n "$newer" ]
}

launch_build() {
  echo "Building ${module#unfold-} (first use, or its sources changed) ..." >&2
  local fresh="$root/$module/target/app.new"
  mkdir -p "$root/$module/target"
  rm -rf "$fresh" && mkdir "$fresh"
  touch "$fresh/built" # before the build: what is edited meanwhile counts as newer
  (cd "$root" && ./mvnw -q package -DskipTests -pl "$module" -am </dev/null >&2) || {
    rm -rf "$fresh"
    echo "The build failed; see above." >&2
    exit 1
  }
  cp -R "$root/$module/target/$jar" "$root/$module/target/lib" "$fresh/"
  rm -rf "$app" && mv "$fresh" "$app"
  [ -n "$warm_up" ] || return 0
  # Loaded and linked classes of a short run, mapped by later starts. A start without them works
  # too. No AOT cache: beside an incubator module it keeps no lambdas, and starting makes a thousand.
  # shellcheck disable=SC2086
  UNFOLD_TUNE=off "$JAVA_HOME/bin/java" "${launch_flags[@]}" -Xlog:disable \
    -XX:ArchiveClassesAtExit="$app/app.jsa" -cp "$app/$jar" "$main" $warm_up </dev/null >/dev/null 2>&1 || true
}

launch() {
  local module=$1 jar=$2 main=$3 warm_up=$4
  shift 5
  local app="$root/$module/target/app"
  unfold_use_jdk
  if launch_stale; then
    if command -v flock >/dev/null 2>&1; then
      mkdir -p "$root/$module/target"
      exec 9>"$root/$module/target/app.lock"
      flock 9
      # Someone else may have built it while we waited.
      if launch_stale; then launch_build; fi
      exec 9>&-
    else
      launch_build
    fi
  fi
  # The JVM would report on its standard output that an archive does not fit another JDK, or that
  # the JDK's own, on which it builds, was made without these modules.
  if [ -f "$app/app.jsa" ]; then
    launch_flags+=(-XX:SharedArchiveFile="$app/app.jsa" '-Xlog:aot*=off,cds*=off')
  fi
  set -- "$JAVA_HOME/bin/java" "${launch_flags[@]}" -cp "$app/$jar" "$main" "$@"
  # No option silences the JDK's "Using incubator modules" line, so it is filtered where a person
  # would see it. Elsewhere standard error stays the program's own, without a process in between.
  if [ -t 2 ]; then
    exec "$@" 2> >(
      exec >&2
      trap '' INT TERM HUP # the program may still have something to say
      IFS= read -r line || exit 0
      [ "$line" = "WARNING: Using incubator modules: jdk.incubator.vector" ] || printf '%s\n' "$line"
      exec cat
    )
  fi
  exec "$@"
}
