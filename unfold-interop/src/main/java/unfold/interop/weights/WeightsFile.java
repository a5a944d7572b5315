package unfold.interop.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import unfold.error.FormatException;
import unfold.interop.MappedFile;
import unfold.interop.TensorFile;
import unfold.interop.safetensors.SafetensorsLimits;
import unfold.interop.safetensors.SafetensorsReader;
import unfold.interop.torch.TorchLimits;
import unfold.interop.torch.TorchReader;

/// Opens files of named tensors: safetensors, and what `torch.save` writes. The first bytes say
/// which, not the name. The file is mapped; nothing in it is run, no other file is opened.
public final class WeightsFile {
  private WeightsFile() {}

  /// @throws FormatException naming the rule that the file breaks
  /// @throws unfold.error.InputException if the file cannot be read at all
  public static TensorFile read(Path path) {
    return parse(path.toString(), MappedFile.of(path));
  }

  /// Reads a file that is in memory; `file` is for messages.
  public static TensorFile parse(String file, MemorySegment bytes) {
    if (TorchReader.recognises(bytes)) {
      return TorchReader.parse(file, bytes, TorchLimits.DEFAULT);
    }
    if (SafetensorsReader.recognises(bytes)) {
      return SafetensorsReader.describe(file, bytes, SafetensorsLimits.DEFAULT);
    }
    throw FormatException.at(
        file,
        0,
        "neither safetensors nor a file of torch.save" + guess(bytes) + "; these two are read");
  }

  /// What else it looks like.
  private static String guess(MemorySegment bytes) {
    var begin = new StringBuilder();
    for (int i = 0; i < Math.min(8, bytes.byteSize()); i++) {
      begin.append((char) (bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF));
    }
    String text = begin.toString();
    if (text.isEmpty()) {
      return ": it is empty";
    }
    if (text.startsWith("\u0089HDF")) {
      return ": it is HDF5, as Keras writes it";
    }
    if (text.startsWith("\u001F\u008B")) {
      return ": it is gzipped; unpack it";
    }
    if (text.startsWith("\u0080")) {
      return ": it is a bare pickle; save the weights with torch.save";
    }
    return text.startsWith("<") || text.startsWith("version ")
        ? ": it is a text (a web page, or a pointer of Git LFS), not the file itself"
        : "";
  }
}
