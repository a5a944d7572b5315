package unfold.zoo;

import java.util.List;
import unfold.model.Variant;

/// Networks that share a paper and a file. Found by [java.util.ServiceLoader], so a module of your
/// own can add one with a line in `META-INF/services/unfold.zoo.Family`.
public interface Family {
  List<Variant> variants();
}
