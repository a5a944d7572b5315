package unfold.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import org.junit.jupiter.api.Test;

final class LoopsTest {
  /// What is never inlined would put them on the heap at each call.
  @Test
  void noLoopTakesOrGivesVectors() throws Exception {
    var offenders = new ArrayList<String>();
    var loops = loops();
    for (Class<?> c : loops) {
      for (Method m : c.getDeclaredMethods()) {
        if (Stream.concat(Stream.of(m.getReturnType()), Arrays.stream(m.getParameterTypes()))
            .anyMatch(t -> Vector.class.isAssignableFrom(t) || t == VectorMask.class)) {
          offenders.add(c.getSimpleName() + "." + m.getName());
        }
      }
    }
    assertThat(loops).contains(BatchNormLoops.class, SoftmaxLoops.class);
    assertThat(offenders).isEmpty();
  }

  private static List<Class<?>> loops() throws Exception {
    var classes = new ArrayList<Class<?>>();
    var self = VectorBackend.class.getResource("VectorBackend.class");
    assertThat(self).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(self.toURI()).getParent())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith("Loops.class")) {
          classes.add(
              Class.forName(LoopsTest.class.getPackageName() + "." + name.replace(".class", "")));
        }
      }
    }
    return classes;
  }
}
