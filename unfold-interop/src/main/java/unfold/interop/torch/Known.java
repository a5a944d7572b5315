package unfold.interop.torch;

import java.util.Optional;
import unfold.interop.ElementType;

/// The closed list of names that a pickle may mention. None is looked up anywhere or called: each
/// stands for a way to read the values that come with it.
sealed interface Known {
  /// What arguments describe.
  enum Form implements Known {
    ORDERED_DICT("collections OrderedDict"),
    COUNTER("collections Counter"),
    SIZE("torch Size"),
    TENSOR("torch._utils _rebuild_tensor"),
    TENSOR_V2("torch._utils _rebuild_tensor_v2"),
    PARAMETER("torch._utils _rebuild_parameter");

    private final String name;

    Form(String name) {
      this.name = name;
    }
  }

  /// Memory with elements of a type.
  record StorageOf(ElementType type) implements Known {}

  /// The name of an element type, which stands for itself.
  record TypeName(String name) implements Known {}

  /// @param module as the pickle has it
  /// @param name within the module
  static Optional<Known> of(String module, String name) {
    String full = module + " " + name;
    for (Form form : Form.values()) {
      if (form.name.equals(full)) {
        return Optional.of(form);
      }
    }
    return module.equals("torch") ? ofTorch(name) : Optional.empty();
  }

  private static Optional<Known> ofTorch(String name) {
    return switch (name) {
      case "DoubleStorage" -> Optional.of(new StorageOf(ElementType.F64));
      case "FloatStorage" -> Optional.of(new StorageOf(ElementType.F32));
      case "HalfStorage" -> Optional.of(new StorageOf(ElementType.F16));
      case "BFloat16Storage" -> Optional.of(new StorageOf(ElementType.BF16));
      case "LongStorage" -> Optional.of(new StorageOf(ElementType.I64));
      case "IntStorage" -> Optional.of(new StorageOf(ElementType.I32));
      case "ShortStorage" -> Optional.of(new StorageOf(ElementType.I16));
      case "CharStorage" -> Optional.of(new StorageOf(ElementType.I8));
      case "ByteStorage" -> Optional.of(new StorageOf(ElementType.U8));
      case "BoolStorage" -> Optional.of(new StorageOf(ElementType.BOOL));
      case "float64",
          "float32",
          "float16",
          "bfloat16",
          "int64",
          "int32",
          "int16",
          "int8",
          "uint8",
          "bool" ->
          Optional.of(new TypeName("torch." + name));
      default -> Optional.empty();
    };
  }
}
