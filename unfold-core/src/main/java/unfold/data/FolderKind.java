package unfold.data;

import java.nio.file.Path;
import java.util.Optional;

/// A kind of data set that is recognised by what lies in a folder.
interface FolderKind {
  /// The set in this folder, if it is of this kind; if it is but has a fault, that is thrown.
  Optional<Splits> open(Path folder);
}
