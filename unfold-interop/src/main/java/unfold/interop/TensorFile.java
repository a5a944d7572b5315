package unfold.interop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What a file of named tensors holds, whatever its format.
///
/// @param file for messages
/// @param format in words: `safetensors`, `PyTorch, zip`
/// @param tensors by name, in the file's order; in nested maps names are joined by dots
/// @param metadata what else it says: texts, and numbers in words
public record TensorFile(
    String file,
    String format,
    SequencedMap<String, StoredTensor> tensors,
    Map<String, String> metadata) {
  public TensorFile {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// Bytes of all tensors.
  public long bytes() {
    return tensors.values().stream().mapToLong(StoredTensor::bytes).sum();
  }
}
